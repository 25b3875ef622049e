package io.selvage.server.config;

/// How a word is written in its file, between its quotes if it has any.
///
/// @param raw the word with its escapes; each `char` is one byte
/// @param start the position of the first character
public record WordSpelling(String raw, Position start) {
    private static final String ESCAPED = "\"'\\trn";

    /// The word that is meant: `\" \' \\` give the second character, `\t \r \n` a control character. Before anything else a
    /// backslash stays.
    String text() {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        var text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i += width(i)) {
            text.append(width(i) == 1 ? raw.charAt(i) : switch (raw.charAt(i + 1)) {
                case 't' -> '\t';
                case 'r' -> '\r';
                case 'n' -> '\n';
                default -> raw.charAt(i + 1);
            });
        }
        return text.toString();
    }

    /// The position of the character at an index of the [#text].
    Position at(int index) {
        return from(index).start;
    }

    /// What is left behind the first `index` characters of the [#text].
    WordSpelling from(int index) {
        int line = start.line();
        int column = start.column();
        int i = 0;
        for (int left = index; left > 0 && i < raw.length(); left--) {
            int end = i + width(i);
            for (; i < end; i++) {
                boolean newLine = raw.charAt(i) == '\n';
                line += newLine ? 1 : 0;
                column = newLine ? 1 : column + (continues(raw.charAt(i)) ? 0 : 1);
            }
        }
        return new WordSpelling(raw.substring(i), new Position(start.file(), line, column));
    }

    /// The number of raw characters that represent the one that begins here.
    private int width(int i) {
        boolean escape = raw.charAt(i) == '\\' && i + 1 < raw.length() && ESCAPED.indexOf(raw.charAt(i + 1)) >= 0;
        return escape ? 2 : 1;
    }

    /// Whether a byte continues a character of UTF-8 (RFC 3629 §3), and so takes no column.
    static boolean continues(char c) {
        return (c & 0xc0) == 0x80;
    }
}
