package io.selvage.server.http1;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/// Direct buffers for bodies on their way: as many as bodies are being sent, of which at most 9 MiB are kept for later; and large
/// ones for those that come and go quickly, at most 17 MiB in all.
final class BodyBufferPool {
    /// Bytes of a body that find room in any of them, behind a usual head.
    static final int BODY = 16 * 1024;
    static final int SIZE = BODY + 1024;
    private static final int LARGE_SIZE = 65 * 1024;
    private static final int MOST_KEPT = 512;
    private static final int MOST_LARGE = 256;
    private static final MpmcAtomicArrayQueue<ByteBuffer> KEPT = new MpmcAtomicArrayQueue<>(MOST_KEPT);
    private static final MpmcAtomicArrayQueue<ByteBuffer> LARGE = new MpmcAtomicArrayQueue<>(MOST_LARGE);
    private static final AtomicInteger MADE = new AtomicInteger();             // large ones, which are never let go

    private BodyBufferPool() {
    }

    static ByteBuffer take() {
        ByteBuffer kept = KEPT.poll();
        return kept == null ? ByteBuffer.allocateDirect(SIZE) : kept.clear();
    }

    /// A large one, while there are any.
    static ByteBuffer takeLarge() {
        ByteBuffer kept = LARGE.poll();
        if (kept != null) {
            return kept.clear();
        }
        if (MADE.get() < MOST_LARGE && MADE.incrementAndGet() <= MOST_LARGE) {
            return ByteBuffer.allocateDirect(LARGE_SIZE);
        }
        return take();
    }

    /// Gives a buffer back; the caller must not touch it again.
    static void give(ByteBuffer buffer) {
        (buffer.capacity() == LARGE_SIZE ? LARGE : KEPT).offer(buffer);
    }
}
