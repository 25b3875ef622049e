package io.selvage.server.config;

/// One word of a configuration file: quotes removed, escapes resolved, variables still in it.
public record Word(String text, Position position) {
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

    @Override
    public String toString() {
        return text;
    }
}
