package io.selvage.server.http;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// A request body of zeros, of a known length or chunked.
public final class FakeBody implements RequestBody {
    private final long length;
    private final boolean chunked;
    private long taken;
    private long limit;

    public FakeBody(long length, boolean chunked) {
        this.length = length;
        this.chunked = chunked;
    }

    /// The bound that was set, 0 for none.
    public long limit() {
        return limit;
    }

    @Override
    public int read(ByteBuffer into) {
        int count = (int) Math.min(into.remaining(), length - taken);
        into.position(into.position() + count);
        taken += count;
        return count == 0 ? -1 : count;
    }

    @Override
    public OptionalLong length() {
        return chunked ? OptionalLong.empty() : OptionalLong.of(length);
    }

    @Override
    public boolean isEmpty() {
        return !chunked && length == 0;
    }

    @Override
    public boolean isChunked() {
        return chunked;
    }

    @Override
    public void limit(long bytes) {
        limit = bytes;
    }

    @Override
    public long taken() {
        return taken;
    }
}
