package io.selvage.server.route;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Optional;

/// The number of a client, in the format of mod_uid: 16 bytes, which a cookie carries in Base64.
///
/// @param bytes the four words as they are in the cookie: service, time, process, sequence
/// @param mark the character in the place of the padding (`userid_mark`)
record UserId(byte[] bytes, char mark) {
    private static final int LENGTH = 22;                  // characters that carry the 16 bytes
    static final char NO_MARK = '=';

    /// The value of a cookie; empty if it is none of ours.
    static Optional<UserId> parse(String cookie) {
        if (cookie.length() < LENGTH) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(cookie.substring(0, LENGTH));
            return Optional.of(new UserId(bytes, cookie.length() > LENGTH ? cookie.charAt(LENGTH) : NO_MARK));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    UserId marked(char other) {
        return new UserId(bytes, other);
    }

    /// The value of the cookie.
    String cookie() {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes) + mark + NO_MARK;
    }

    /// As a log has it: the words in hexadecimal, each as a machine with the low byte first reads it.
    String hex() {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return "%08X%08X%08X%08X".formatted(words.getInt(), words.getInt(), words.getInt(), words.getInt());
    }
}
