package io.selvage.server.http1;

import java.nio.ByteBuffer;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/// Heap buffers in which heads of answers are read: as many as are being read, of which at most 1 MiB is kept for later. A kept
/// connection to a peer has none while it is idle.
final class HeadBufferPool {
    static final int SIZE = 4 * 1024;
    private static final int MOST_KEPT = 256;
    private static final MpmcAtomicArrayQueue<ByteBuffer> KEPT = new MpmcAtomicArrayQueue<>(MOST_KEPT);

    private HeadBufferPool() {
    }

    static ByteBuffer take() {
        ByteBuffer kept = KEPT.poll();
        return kept == null ? ByteBuffer.allocate(SIZE) : kept.clear();
    }

    /// Gives a buffer back; the caller must not touch it again.
    static void give(ByteBuffer window) {
        KEPT.offer(window);
    }
}
