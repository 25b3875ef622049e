package io.selvage.server.observe;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.Histogram;

/// An immutable histogram of nanoseconds in some hundred bytes, encoded as HdrHistogram does it.
public final class CompactHistogram {
    private final byte[] encoded;
    private final long count;

    private CompactHistogram(byte[] encoded, long count) {
        this.encoded = encoded;
        this.count = count;
    }

    static CompactHistogram of(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoByteBuffer(buffer);
        return new CompactHistogram(Arrays.copyOf(buffer.array(), length), histogram.getTotalCount());
    }

    /// The number of values.
    public long count() {
        return count;
    }

    /// A copy for the caller.
    public Histogram histogram() {
        return Histogram.decodeFromByteBuffer(ByteBuffer.wrap(encoded), 0);
    }
}
