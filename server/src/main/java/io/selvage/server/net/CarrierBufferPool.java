package io.selvage.server.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Unused heap buffers for the connections on one carrier. Only threads of that carrier call it. The last one given is the first
/// one taken: it is the one that the processor still has in its caches.
final class CarrierBufferPool {
    private static final int MOST_KEPT = 256;
    private static final int LARGEST_KEPT = 4096;

    private final ArrayDeque<ByteBuffer> kept = new ArrayDeque<>();

    /// One that is empty and has room for so many bytes.
    ByteBuffer take(int size) {
        ByteBuffer last = kept.pollLast();
        return last != null && last.capacity() >= size ? last.clear() : ByteBuffer.allocate(size);
    }

    /// The caller must not touch it again.
    void give(ByteBuffer buffer) {
        if (buffer.capacity() > 0 && buffer.capacity() <= LARGEST_KEPT && kept.size() < MOST_KEPT) {
            kept.addLast(buffer);
        }
    }
}
