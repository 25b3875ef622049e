package io.selvage.server.route;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// One range of a body that comes as a stream. What stands before it is read and dropped, what stands behind it is not read.
final class StreamRange implements BodySource {
    private static final int DROPPED_AT_ONCE = 16 << 10;

    private final BodySource whole;
    private final long count;
    private long before;                                   // bytes that are still to be dropped
    private long left;

    /// @param first the index of its first byte
    /// @param count of its bytes
    StreamRange(BodySource whole, long first, long count) {
        this.whole = whole;
        this.before = first;
        this.count = count;
        this.left = count;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        while (before > 0) {
            ByteBuffer dropped = ByteBuffer.allocate((int) Math.min(before, DROPPED_AT_ONCE));
            int read = whole.read(dropped);
            if (read < 0) {
                return -1;
            }
            before -= read;
        }
        if (left == 0) {
            whole.close();
            return -1;
        }
        int limit = into.limit();
        into.limit((int) Math.min(limit, into.position() + left));
        try {
            int read = whole.read(into);
            left -= Math.max(0, read);
            return read;
        } finally {
            into.limit(limit);
        }
    }

    @Override
    public void readAhead() {
        whole.readAhead();
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(count);
    }

    @Override
    public boolean hasMoreNow() {
        return before == 0 && (left == 0 || whole.hasMoreNow());
    }

    @Override
    public void close() {
        whole.close();
    }
}
