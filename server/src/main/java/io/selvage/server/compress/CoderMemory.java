package io.selvage.server.compress;

import java.util.concurrent.atomic.AtomicLong;

/// Limits the memory of all coders that wait for their streams: a client or a peer decides how long that takes. A response for
/// which there is no memory is sent uncompressed.
final class CoderMemory {
    private static final long MOST = 256L << 20;
    private static final AtomicLong USED = new AtomicLong();

    private CoderMemory() {
    }

    /// @return false if the limit would be exceeded; nothing is reserved then
    static boolean reserve(int bytes) {
        if (USED.addAndGet(bytes) <= MOST) {
            return true;
        }
        USED.addAndGet(-bytes);
        return false;
    }

    static void release(int bytes) {
        USED.addAndGet(-bytes);
    }

    /// The bytes that are reserved now.
    static long used() {
        return USED.get();
    }
}
