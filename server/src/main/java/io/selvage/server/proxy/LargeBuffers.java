package io.selvage.server.proxy;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// Few large buffers for request bodies on their way to a file: each write to the file is a hand-over to another thread. Any
/// thread.
///
/// There are at most [#MOST], so clients that begin long bodies and pause cost no more memory. Who gets none uses a buffer of the
/// usual size.
final class LargeBuffers {
    static final int SIZE = 128 * 1024;
    static final int MOST = 64;

    private static final Semaphore LEFT = new Semaphore(MOST);
    private static final ConcurrentLinkedQueue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();

    private LargeBuffers() {
    }

    /// An empty buffer, to be given back; nothing if all are in use. Does not wait.
    static Optional<ByteBuffer> take() {
        if (!LEFT.tryAcquire()) {
            return Optional.empty();
        }
        ByteBuffer free = FREE.poll();
        return Optional.of(free == null ? ByteBuffer.allocate(SIZE) : free.clear());
    }

    /// Gives one back that [#take] returned; it must not be used afterwards.
    static void give(ByteBuffer buffer) {
        FREE.add(buffer);
        LEFT.release();
    }
}
