package io.selvage.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Byte strings for the eyes of people.
final class ReadableText {
    private static final int DELETE = 0x7f;
    private static final int LAST_CONTROL = 0x9f;

    private ReadableText() {
    }

    /// The text of a byte string in UTF-8. One that is not UTF-8 stays as it is, a character for each byte.
    ///
    /// @param bytes a text with chars above 255 is returned unchanged
    static String decoded(String bytes) {
        if (bytes.chars().allMatch(c -> c <= DELETE) || bytes.chars().anyMatch(c -> c > 0xff)) {
            return bytes;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException _) {
            return bytes;
        }
    }

    /// As [#decoded]; control characters, which could change what a terminal shows, become `\x1B`.
    static String printable(String bytes) {
        StringBuilder text = new StringBuilder(bytes.length());
        decoded(bytes).chars().forEach(c -> {
            if (c < ' ' || c >= DELETE && c <= LAST_CONTROL) {
                text.append("\\x%02X".formatted(c));
            } else {
                text.append((char) c);
            }
        });
        return text.toString();
    }
}
