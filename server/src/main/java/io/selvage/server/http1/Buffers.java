package io.selvage.server.http1;

import java.nio.ByteBuffer;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/// Direct buffers for bodies on their way: as many as bodies are being sent, of which at most 9 MiB are kept for later. Each has
/// room for 16 KiB with a head in front.
final class Buffers {
    static final int SIZE = 17 * 1024;
    private static final int MOST_KEPT = 512;
    private static final MpmcAtomicArrayQueue<ByteBuffer> KEPT = new MpmcAtomicArrayQueue<>(MOST_KEPT);

    private Buffers() {
    }

    static ByteBuffer take() {
        ByteBuffer kept = KEPT.poll();
        return kept == null ? ByteBuffer.allocateDirect(SIZE) : kept.clear();
    }

    /// Gives a buffer back; the caller must not touch it again.
    static void give(ByteBuffer buffer) {
        KEPT.offer(buffer);
    }
}
