package io.selvage.server.observe;

import java.util.Optional;

/// Escapes values of variables in a line of the access log (`log_format name escape=...`).
public enum Escape {
    /// Quotes, backslashes and everything but printable ASCII become `\xXX`; a missing value is a hyphen.
    DEFAULT("-") {
        @Override
        void append(String value, StringBuilder line) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                    line.append("\\x").append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
                } else {
                    line.append(c);
                }
            }
        }
    },

    /// For the inside of a JSON string (RFC 8259 §7); bytes above ASCII are unchanged.
    JSON("") {
        @Override
        void append(String value, StringBuilder line) {
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                switch (c) {
                    case '"', '\\' -> line.append('\\').append(c);
                    case '\n' -> line.append("\\n");
                    case '\r' -> line.append("\\r");
                    case '\t' -> line.append("\\t");
                    case '\b' -> line.append("\\b");
                    case '\f' -> line.append("\\f");
                    default -> {
                        if (c < ' ') {
                            line.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
                        } else {
                            line.append(c);
                        }
                    }
                }
            }
        }
    },

    /// No escaping.
    NONE("") {
        @Override
        void append(String value, StringBuilder line) {
            line.append(value);
        }
    };

    private static final String HEX = "0123456789ABCDEF";

    private final String absent;

    Escape(String absent) {
        this.absent = absent;
    }

    abstract void append(String value, StringBuilder line);

    void append(Optional<String> value, StringBuilder line) {
        if (value.isPresent()) {
            append(value.get(), line);
        } else {
            line.append(absent);
        }
    }
}
