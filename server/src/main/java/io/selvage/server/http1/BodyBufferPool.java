package io.selvage.server.http1;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/// Direct buffers for the bodies that are being sent. Buffers of the normal size are unlimited, and at most 9 MiB of unused ones
/// are kept. Large buffers, for bodies that are sent fast, are limited to 17 MiB in total.
public final class BodyBufferPool {
    /// Bytes of a body that fit into every buffer after a head of the usual size.
    public static final int BODY = 16 * 1024;
    /// The capacity of a buffer of the normal size, in bytes.
    public static final int SIZE = BODY + 1024;
    private static final int LARGE_SIZE = 65 * 1024;
    private static final int MOST_KEPT = 512;
    private static final int MOST_LARGE = 256;
    private static final MpmcAtomicArrayQueue<ByteBuffer> KEPT = new MpmcAtomicArrayQueue<>(MOST_KEPT);
    private static final MpmcAtomicArrayQueue<ByteBuffer> LARGE = new MpmcAtomicArrayQueue<>(MOST_LARGE);
    private static final AtomicInteger MADE = new AtomicInteger();             // large ones, which are never freed

    private BodyBufferPool() {
    }

    /// An empty buffer of the normal size. The caller returns it with [#give]; any thread.
    public static ByteBuffer take() {
        ByteBuffer kept = KEPT.poll();
        return kept == null ? ByteBuffer.allocateDirect(SIZE) : kept.clear();
    }

    /// A large buffer, or one of the normal size if all large ones are in use.
    public static ByteBuffer takeLarge() {
        ByteBuffer kept = LARGE.poll();
        if (kept != null) {
            return kept.clear();
        }
        if (MADE.get() < MOST_LARGE && MADE.incrementAndGet() <= MOST_LARGE) {
            return ByteBuffer.allocateDirect(LARGE_SIZE);
        }
        return take();
    }

    /// Returns a buffer to the pool; the caller must not use it again.
    public static void give(ByteBuffer buffer) {
        (buffer.capacity() == LARGE_SIZE ? LARGE : KEPT).offer(buffer);
    }
}
