package io.selvage.server.trace;

import java.nio.charset.StandardCharsets;

/// An attribute of a span, or of what produces spans.
///
/// @param value a [String] or a [Long]
public record SpanAttribute(String key, Object value) {
    /// Longer texts are cut.
    static final int LONGEST = 4096;

    /// @param value each `char` is one byte; read as UTF-8
    public static SpanAttribute of(String key, String value) {
        String bounded = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
        return new SpanAttribute(key, decoded(bounded));
    }

    static SpanAttribute of(String key, long value) {
        return new SpanAttribute(key, value);
    }

    static String decoded(String bytes) {
        return bytes.chars().allMatch(c -> c < 0x80) ? bytes
                : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
