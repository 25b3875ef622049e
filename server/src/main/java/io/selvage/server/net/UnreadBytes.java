package io.selvage.server.net;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Bytes that were read ahead and come before those on the wire. Used by the thread that reads.
public final class UnreadBytes {
    private @Nullable ByteBuffer bytes;                    // absent when there are none

    /// Moves what fits into the buffer.
    ///
    /// @return how many bytes that were
    public int take(ByteBuffer into) {
        ByteBuffer first = bytes;
        if (first == null) {
            return 0;
        }
        int count = Buffers.move(first, into);
        if (!first.hasRemaining()) {
            bytes = null;
        }
        return count;
    }

    /// How many there are.
    public int size() {
        ByteBuffer all = bytes;
        return all == null ? 0 : all.remaining();
    }

    /// True if there are none.
    public boolean isEmpty() {
        return bytes == null;
    }

    /// Adds bytes before those that are here. The buffer is not copied if there are none.
    public void putFirst(ByteBuffer earlier) {
        join(earlier, bytes);
    }

    /// Adds bytes behind those that are here. The buffer is not copied if there are none.
    public void putLast(ByteBuffer later) {
        ByteBuffer first = bytes;
        if (first == null) {
            join(later, null);
        } else {
            join(first, later);
        }
    }

    private void join(ByteBuffer first, @Nullable ByteBuffer second) {
        if (second == null) {
            bytes = first.hasRemaining() ? first : null;
        } else {
            bytes = ByteBuffer.allocate(first.remaining() + second.remaining()).put(first).put(second).flip();
        }
    }
}
