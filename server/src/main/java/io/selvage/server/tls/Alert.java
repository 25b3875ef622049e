package io.selvage.server.tls;

import java.nio.ByteBuffer;

/// Fatal alerts that are sent before there is an engine (RFC 8446 §6.2).
enum Alert {
    UNEXPECTED_MESSAGE(10),
    HANDSHAKE_FAILURE(40),
    DECODE_ERROR(50),
    INTERNAL_ERROR(80),
    UNRECOGNIZED_NAME(112),
    NO_APPLICATION_PROTOCOL(120);

    private static final byte ALERT = 21;
    private static final short TLS_1_2 = 0x0303;
    private static final byte FATAL = 2;

    private final int description;

    Alert(int description) {
        this.description = description;
    }

    /// The alert in a record.
    ByteBuffer record() {
        return ByteBuffer.allocate(7).put(ALERT).putShort(TLS_1_2).putShort((short) 2).put(FATAL).put((byte) description)
                .flip();
    }
}
