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

    /// For the inside of a JSON string (RFC 8259 §7). Characters in UTF-8 are unchanged, since JSON is UTF-8 (RFC 8259 §8.1);
    /// a byte that belongs to none becomes `\\u00XX`.
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
                        int length = c < 0x80 ? 1 : Utf8.length(value, i);
                        if (length > 1) {
                            line.append(value, i, i + length);
                            i += length - 1;
                        } else if (c < ' ' || c >= 0x80) {
                            unicode(c, line);
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

    private static void unicode(char c, StringBuilder line) {
        line.append("\\u").append(HEX.charAt(c >> 12 & 15)).append(HEX.charAt(c >> 8 & 15))
                .append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
    }

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
