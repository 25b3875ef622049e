package io.selvage.server.config;

/// Cuts the text of one file into words and `; { }`.
///
/// A word ends at white space, `;` or `{`; quotes of both kinds keep it together. Inside and outside quotes a backslash
/// keeps the next character in the word; `\" \' \\` give that character, `\t \r \n` the control character, and before
/// anything else the backslash stays, as regular expressions need it. The `{` of `${name}` opens no block, `}` and quotes in the
/// middle of a word are ordinary, and `#` begins a comment only where a word could begin.
final class Lexer {
    /// In characters; as in nginx. A longer word is most often a quote that was not closed.
    static final int LONGEST_WORD = 4096;

    private final String file;
    private final String text;
    private final Problems problems;
    private int at;
    private int line = 1;
    private int lineStart;
    private boolean broken;

    Lexer(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        at = text.startsWith("\uFEFF") ? 1 : 0;
        lineStart = at;
    }

    /// Whether the rest of the file was given up after a problem; what follows is [Token.End].
    boolean broken() {
        return broken;
    }

    Token next() {
        skipBlanks();
        Position here = here();
        if (at == text.length()) {
            return new Token.End(here);
        }
        return switch (text.charAt(at)) {
            case ';' -> {
                at++;
                yield new Token.Semicolon(here);
            }
            case '{' -> {
                at++;
                yield new Token.Open(here);
            }
            case '}' -> {
                at++;
                yield new Token.Close(here);
            }
            case '"', '\'' -> quoted(here);
            default -> bare(here);
        };
    }

    private Token quoted(Position start) {
        char quote = text.charAt(at);
        advance();
        int from = at;
        while (at < text.length() && text.charAt(at) != quote) {
            skipCharacter();
        }
        if (at == text.length()) {
            return giveUp(start, "the quote " + quote + " is not closed");
        }
        String raw = text.substring(from, at);
        at++;
        if (at < text.length() && !isBlank(text.charAt(at)) && ";{)".indexOf(text.charAt(at)) < 0) {
            problems.error(here(), "unexpected \"" + text.charAt(at) + "\" behind a closing quote");
        }
        return word(raw, start);
    }

    private Token bare(Position start) {
        int from = at;
        boolean dollar = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isBlank(c) || c == ';' || c == '{' && !dollar) {
                break;
            }
            dollar = c == '$';
            skipCharacter();
        }
        return word(text.substring(from, at), start);
    }

    private Token word(String raw, Position start) {
        if (raw.length() > LONGEST_WORD) {
            return giveUp(start, "a word of more than " + LONGEST_WORD + " characters; is a quote missing?");
        }
        if (raw.indexOf('\0') >= 0) {
            return giveUp(start, "a zero byte in a word");
        }
        if (raw.indexOf('\uFFFD') >= 0) {
            return giveUp(start, "not UTF-8 text");
        }
        return new Token.Text(new Word(unescape(raw), start));
    }

    private static String unescape(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        var word = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\' || i + 1 == raw.length()) {
                word.append(c);
                continue;
            }
            char next = raw.charAt(++i);
            switch (next) {
                case '"', '\'', '\\' -> word.append(next);
                case 't' -> word.append('\t');
                case 'r' -> word.append('\r');
                case 'n' -> word.append('\n');
                default -> word.append(c).append(next);
            }
        }
        return word.toString();
    }

    /// Reports a problem after which the rest of the file makes no sense.
    Token giveUp(Position where, String message) {
        problems.error(where, message);
        broken = true;
        at = text.length();
        return new Token.End(where);
    }

    private void skipBlanks() {
        while (at < text.length()) {
            if (text.charAt(at) == '#') {
                while (at < text.length() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (isBlank(text.charAt(at))) {
                advance();
            } else {
                return;
            }
        }
    }

    /// One character of a word, or two when the first is a backslash.
    private void skipCharacter() {
        boolean escape = text.charAt(at) == '\\';
        advance();
        if (escape && at < text.length()) {
            advance();
        }
    }

    private void advance() {
        if (text.charAt(at++) == '\n') {
            line++;
            lineStart = at;
        }
    }

    private Position here() {
        return new Position(file, line, at - lineStart + 1);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
