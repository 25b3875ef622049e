package io.selvage.server.net;

import java.nio.ByteBuffer;

/// What [ByteBuffer] lacks.
public final class Buffers {
    private Buffers() {
    }

    /// Moves as many of the remaining bytes as fit. Allocates nothing.
    ///
    /// @return how many bytes that were
    public static int move(ByteBuffer from, ByteBuffer into) {
        int count = Math.min(from.remaining(), into.remaining());
        into.put(into.position(), from, from.position(), count);
        into.position(into.position() + count);
        from.position(from.position() + count);
        return count;
    }
}
