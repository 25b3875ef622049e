package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// A request body whose bytes are given piece by piece, as reads from a socket would find them.
final class FakeBody implements RequestBody {
    static final FakeBody NONE = new FakeBody(false, true);

    private final boolean chunked;
    private final boolean complete;
    private final byte[][] pieces;
    private int next;
    private int at;
    private long taken;

    private FakeBody(boolean chunked, boolean complete, String... pieces) {
        this.chunked = chunked;
        this.complete = complete;
        this.pieces = new byte[pieces.length][];
        for (int i = 0; i < pieces.length; i++) {
            this.pieces[i] = pieces[i].getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    static FakeBody withLength(String... pieces) {
        return new FakeBody(false, true, pieces);
    }

    static FakeBody chunked(String... pieces) {
        return new FakeBody(true, true, pieces);
    }

    /// A client that goes away behind these bytes.
    static FakeBody cutShort(String... pieces) {
        return new FakeBody(true, false, pieces);
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        if (next == pieces.length) {
            if (!complete) {
                throw Failure.downstream(Failure.What.CLOSED, "client prematurely closed connection");
            }
            return -1;
        }
        int count = Math.min(into.remaining(), pieces[next].length - at);
        into.put(pieces[next], at, count);
        at += count;
        taken += count;
        if (at == pieces[next].length) {
            next++;
            at = 0;
        }
        return count;
    }

    @Override
    public OptionalLong length() {
        long sum = 0;
        for (byte[] piece : pieces) {
            sum += piece.length;
        }
        return chunked ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    @Override
    public boolean isEmpty() {
        return !chunked && pieces.length == 0;
    }

    @Override
    public boolean isChunked() {
        return chunked;
    }

    @Override
    public void limit(long bytes) {
    }

    @Override
    public long taken() {
        return taken;
    }
}
