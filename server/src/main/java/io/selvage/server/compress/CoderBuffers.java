package io.selvage.server.compress;

import java.nio.ByteBuffer;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/// Two direct buffers for one coder: its input and its output. At most 4 MiB of unused ones are kept.
record CoderBuffers(ByteBuffer in, ByteBuffer out) {
    static final int SIZE = 16 << 10;
    private static final int MOST_KEPT = 128;
    private static final MpmcAtomicArrayQueue<CoderBuffers> KEPT = new MpmcAtomicArrayQueue<>(MOST_KEPT);

    /// Buffers without content, ready to be read.
    static CoderBuffers take() {
        CoderBuffers kept = KEPT.poll();
        CoderBuffers taken = kept == null ? new CoderBuffers(ByteBuffer.allocateDirect(SIZE), ByteBuffer.allocateDirect(SIZE))
                : kept;
        taken.in.clear().limit(0);
        taken.out.clear().limit(0);
        return taken;
    }

    /// Returns them to the pool; the caller must not use them again.
    void give() {
        KEPT.offer(this);
    }
}
