package io.selvage.server.config;

/// One word of a configuration file: quotes removed, escapes resolved, variables still in it. Each `char` is one byte.
///
/// @param position of its first character, or of its quote
/// @param spelling how it is written, for positions inside it
public record Word(String text, Position position, WordSpelling spelling) {
    /// A word that is written as it reads, or is in no file.
    Word(String text, Position position) {
        this(text, position, new WordSpelling(text, position));
    }

    /// The part before the first `=`, or the whole word.
    public String key() {
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    /// The part behind the first `=`, or nothing.
    public String value() {
        int equals = text.indexOf('=');
        return equals < 0 ? "" : text.substring(equals + 1);
    }

    /// The position of the character at an index of the text.
    Position at(int index) {
        return spelling.at(index);
    }

    /// Another text in the place of this one. A beginning or an end of this text keeps the positions inside it.
    Word with(String other) {
        if (text.startsWith(other)) {
            return new Word(other, position, spelling);
        }
        return new Word(other, position, text.endsWith(other) ? spelling.from(text.length() - other.length())
                : new WordSpelling("", position));
    }

    @Override
    public String toString() {
        return text;
    }
}
