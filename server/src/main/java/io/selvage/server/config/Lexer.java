package io.selvage.server.config;

import io.selvage.server.net.ByteText;

/// Splits one file into words and `; { }`.
///
/// A word ends at white space, `;` or `{`; quotes of both kinds keep it together. Inside and outside quotes a backslash
/// keeps the next character in the word; [WordSpelling#text] resolves it. The `{` of `${name}` opens no block, `}` and quotes
/// in the middle of a word are ordinary, and `#` begins a comment only where a word could begin.
///
/// As in nginx, the language is made of bytes: a word has exactly the bytes of its file, whatever the encoding.
final class Lexer {
    /// In bytes; as in nginx. A longer word is most often a quote that was not closed.
    static final int LONGEST_WORD = 4096;
    private static final String BYTE_ORDER_MARK = ByteText.encode("\uFEFF");

    private final String file;
    private final String text;
    private final Problems problems;
    private int at;
    private int line = 1;
    private int column = 1;                                // in characters of UTF-8
    private boolean broken;

    /// @param text each `char` is one byte
    Lexer(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
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
                advance();
                yield new Token.Semicolon(here);
            }
            case '{' -> {
                advance();
                yield new Token.Open(here);
            }
            case '}' -> {
                advance();
                yield new Token.Close(here);
            }
            case '"', '\'' -> quoted(here);
            default -> bare(here);
        };
    }

    private Token quoted(Position start) {
        char quote = text.charAt(at);
        advance();
        Position first = here();
        int from = at;
        while (at < text.length() && text.charAt(at) != quote) {
            skipCharacter();
        }
        if (at == text.length()) {
            return giveUp(start, "the quote " + quote + " is not closed");
        }
        WordSpelling spelling = new WordSpelling(text.substring(from, at), first);
        advance();
        if (at < text.length() && !isBlank(text.charAt(at)) && ";{)".indexOf(text.charAt(at)) < 0) {
            problems.error(here(), "unexpected \"" + text.charAt(at) + "\" behind a closing quote");
        }
        return word(spelling, start);
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
        return word(new WordSpelling(text.substring(from, at), start), start);
    }

    private Token word(WordSpelling spelling, Position start) {
        if (spelling.raw().length() > LONGEST_WORD) {
            return giveUp(start, "a word of more than " + LONGEST_WORD + " bytes; is a quote missing?");
        }
        if (spelling.raw().indexOf('\0') >= 0) {
            return giveUp(start, "a zero byte in a word");
        }
        return new Token.Text(new Word(spelling.text(), start, spelling));
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
        char c = text.charAt(at++);
        if (c == '\n') {
            line++;
            column = 1;
        } else if (!WordSpelling.continues(c)) {
            column++;
        }
    }

    private Position here() {
        return new Position(file, line, column);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
