package io.selvage.server.http2;

import java.nio.ByteBuffer;

/// Bytes of a body that came and were not read yet: a ring of at most twice the bytes that the flow-control window allows, which
/// holds no memory while it is empty. Guarded by the lock of the connection.
final class ReceiveBuffer {
    private static final byte[] NOTHING = new byte[0];
    private static final int SMALLEST = 1024;

    private byte[] ring = NOTHING;
    private int first;
    private int size;

    int size() {
        return size;
    }

    /// Adds all of the bytes.
    void put(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (size + count > ring.length) {
            grow(size + count);
        }
        int at = (first + size) % Math.max(1, ring.length);
        int upToEnd = Math.min(count, ring.length - at);
        bytes.get(ring, at, upToEnd);
        bytes.get(ring, 0, count - upToEnd);
        size += count;
    }

    private void grow(int needed) {
        byte[] larger = new byte[Math.max(needed, Math.max(SMALLEST, 2 * ring.length))];
        int upToEnd = Math.min(size, ring.length - first);
        System.arraycopy(ring, first, larger, 0, upToEnd);
        System.arraycopy(ring, 0, larger, upToEnd, size - upToEnd);
        ring = larger;
        first = 0;
    }

    /// Moves what fits.
    ///
    /// @return how many bytes that were
    int take(ByteBuffer into) {
        int count = Math.min(size, into.remaining());
        int upToEnd = Math.min(count, ring.length - first);
        into.put(ring, first, upToEnd);
        into.put(ring, 0, count - upToEnd);
        size -= count;
        first = size == 0 ? 0 : (first + count) % ring.length;
        if (size == 0) {
            ring = NOTHING;
        }
        return count;
    }

    /// Forgets what is in it.
    ///
    /// @return how many bytes that were
    int clear() {
        int count = size;
        ring = NOTHING;
        first = 0;
        size = 0;
        return count;
    }
}
