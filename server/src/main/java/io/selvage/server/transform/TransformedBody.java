package io.selvage.server.transform;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.SourceFilter;
import io.selvage.server.net.Buffers;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// A body whose bytes a [BodyTransform] changes on their way. Memory is bounded: 16 KiB for the output, and 16 KiB and twice the
/// lookahead of the transform for the input.
final class TransformedBody extends SourceFilter {
    private static final int SIZE = 16 * 1024;
    /// Room for the result of a short body, and at least for one character.
    private static final int LEAST_OUT = 256;

    private final BodyTransform transform;
    private final ByteBuffer in;                           // to be read from
    private final ByteBuffer out;                          // to be read from
    private boolean needsInput = true;
    private boolean last;                                  // nothing follows what is in `in`
    private boolean finished;                              // nothing follows what is in `out`

    private TransformedBody(BodySource source, BodyTransform transform) {
        super(source);
        this.transform = transform;
        int size = Math.clamp(source.length().orElse(SIZE), 1, SIZE);
        this.in = ByteBuffer.allocate(size + 2 * transform.lookahead()).limit(0);
        this.out = ByteBuffer.allocate(Math.min(SIZE, 2 * size + LEAST_OUT)).limit(0);
    }

    /// The body as it is after the transform.
    static Body of(Body original, BodyTransform transform) {
        return new Body.Stream(new TransformedBody(BodyReader.of(original), transform));
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return read(into, true);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        return read(into, false);
    }

    private int read(ByteBuffer into, boolean mayWait) throws Failure {
        while (!out.hasRemaining()) {
            if (finished) {
                return -1;
            }
            if (needsInput && !hasInput(mayWait)) {
                return 0;
            }
            BodyTransform.Step step = transform.step(in, out.clear(), last);
            out.flip();
            needsInput = step == BodyTransform.Step.NEEDS_INPUT;
            finished = last && needsInput;
        }
        return Buffers.move(out, into);
    }

    /// Reads input, or its end. Returns false if that would wait and may not.
    private boolean hasInput(boolean mayWait) throws Failure {
        in.compact();
        try {
            int count = mayWait ? source.read(in) : source.readNow(in);
            last = count < 0;
            return count != 0;
        } finally {
            in.flip();
        }
    }

    @Override
    public OptionalLong length() {
        return transform.keepsLength() ? source.length() : OptionalLong.empty();
    }

    @Override
    public boolean hasMoreNow() {
        return out.hasRemaining() || finished || !needsInput || source.hasMoreNow();
    }
}
