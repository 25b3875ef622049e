package io.selvage.server.http;

/// The white space of HTTP: spaces and tabs, and no other control character (RFC 9110 §5.6.3).
public final class Whitespace {
    private Whitespace() {
    }

    /// The text without white space at its ends.
    public static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (from < to && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
