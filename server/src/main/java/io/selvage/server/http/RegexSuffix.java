package io.selvage.server.http;

/// The text that every match of an expression such as `^/(.*)/(.*)\.php$` ends with. Where a text does not end with it no search
/// is needed, however much that would backtrack.
final class RegexSuffix {
    private static final String CLASSES_AND_BOUNDS = "dwsDWSbB";

    private RegexSuffix() {
    }

    /// @param expression as [java.util.regex.Pattern] reads it, without flags but `UNIX_LINES`
    /// @return empty for none
    static String of(String expression) {
        if (!expression.endsWith("$") || !isPlain(expression)) {
            return "";
        }
        int end = expression.length() - 1;
        StringBuilder reversed = new StringBuilder();
        for (int at = end - 1; at >= 0 && !isEscaped(expression, end) && isLiteral(expression, at);) {
            reversed.append(expression.charAt(at));
            at -= isEscaped(expression, at) ? 2 : 1;
        }
        return reversed.reverse().toString();
    }

    /// True if there are no alternatives, no groups with a meaning of their own, no quotations, and no escapes with an argument.
    /// Then what stands at the end of the expression is at the end of every match.
    private static boolean isPlain(String expression) {
        boolean plain = true;
        for (int at = 0; at < expression.length() && plain; at++) {
            char next = at + 1 < expression.length() ? expression.charAt(at + 1) : ' ';
            switch (expression.charAt(at)) {
                case '|' -> plain = false;
                case '(' -> plain = next != '?' && next != '*';
                case '\\' -> {
                    plain = !isLetterOrDigit(next) || CLASSES_AND_BOUNDS.indexOf(next) >= 0;
                    at++;
                }
                default -> { }
            }
        }
        return plain;
    }

    private static boolean isLiteral(String expression, int at) {
        char c = expression.charAt(at);
        return isEscaped(expression, at) ? !isLetterOrDigit(c) : isLetterOrDigit(c) || c == '/' || c == '-' || c == '_';
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /// True if an odd number of backslashes is in front of a character.
    private static boolean isEscaped(String text, int at) {
        int slashes = 0;
        while (slashes < at && text.charAt(at - slashes - 1) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }
}
