package io.selvage.server.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import io.selvage.server.http.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Compresses in the Brotli format (RFC 7932).
///
/// The encoder hands over its output whether there is room for it or not, so it is kept here until there is: at most the
/// compressed form of one block, which is 256 KiB long before.
final class BrotliCoder implements Coder {
    static {
        Brotli4jLoader.ensureAvailability();
    }

    private final BrotliOutputStream encoder;
    private final Output made = new Output();
    private final byte[] taken = new byte[CoderBuffers.SIZE];
    private boolean flushed;                               // everything was made, for the present goal
    private boolean closed;

    /// @param quality 0 to 11
    /// @param windowBits the binary logarithm of the window in bytes, 10 to 24
    /// @throws Failure if there is no memory for it
    BrotliCoder(int quality, int windowBits) throws Failure {
        try {
            encoder = new BrotliOutputStream(made, new Encoder.Parameters().setQuality(quality).setWindow(windowBits),
                    CoderBuffers.SIZE);
        } catch (IOException e) {
            throw new Failure(Failure.Where.HERE, Failure.What.OVERLOADED, true, "cannot compress: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean step(ByteBuffer in, ByteBuffer out, Goal goal) throws Failure {
        made.drain(out);
        if (made.isEmpty() && !flushed) {
            make(in, goal);
            made.drain(out);
        }
        boolean reached = !in.hasRemaining() && (goal == Goal.CODE || flushed && made.isEmpty());
        flushed &= !reached;
        return reached;
    }

    private void make(ByteBuffer in, Goal goal) throws Failure {
        try {
            int count = Math.min(in.remaining(), taken.length);
            in.get(taken, 0, count);
            encoder.write(taken, 0, count);
            if (!in.hasRemaining() && goal != Goal.CODE) {
                if (goal == Goal.END) {
                    closed = true;
                    encoder.close();
                } else {
                    encoder.flush();
                }
                flushed = true;
            }
        } catch (IOException e) {
            throw Failure.bug(e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                encoder.close();
            } catch (IOException e) {
                // The body was given up: the output is of no use.
            }
        }
    }

    /// What the encoder has made and [#step] has not passed on yet.
    private static final class Output extends ByteArrayOutputStream {
        private int from;

        boolean isEmpty() {
            return from == count;
        }

        void drain(ByteBuffer out) {
            int some = Math.min(count - from, out.remaining());
            out.put(buf, from, some);
            from += some;
            if (from == count) {
                from = 0;
                count = 0;
            }
        }
    }
}
