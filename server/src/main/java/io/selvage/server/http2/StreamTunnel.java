package io.selvage.server.http2;

import io.selvage.server.http.DuplexStream;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/// The bytes of a stream both ways, after an extended CONNECT (RFC 8441).
final class StreamTunnel implements DuplexStream {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Duration LAST_WRITE = Duration.ofSeconds(1);

    private final Http2Stream stream;
    private final StreamInput input;
    private final ConnectionOutput output;
    private final Consumer<ErrorCode> reset;

    /// @param reset resets the stream unless it has ended; any thread
    StreamTunnel(Http2Stream stream, StreamInput input, ConnectionOutput output, Consumer<ErrorCode> reset) {
        this.stream = stream;
        this.input = input;
        this.output = output;
        this.reset = reset;
    }

    @Override
    public int read(ByteBuffer into, Duration timeout) throws IOException {
        int count = input.read(into, timeout);
        if (count > 0) {
            return count;
        }
        return switch (input.end()) {
            case ENDED -> -1;
            case TIMED_OUT -> throw new TimedOut("nothing came on a stream in " + timeout.toMillis() + " ms");
            case RESET, MALFORMED, NONE -> throw new IOException("the stream was reset");
        };
    }

    @Override
    public void write(ByteBuffer from, Duration timeout) throws IOException {
        if (from.hasRemaining()) {
            output.send(stream, null, from, false, timeout);
        }
    }

    @Override
    public void shutdownOutput() {
        try {
            output.send(stream, null, NOTHING, true, LAST_WRITE);
        } catch (IOException _) {
            abort();
        }
    }

    @Override
    public void close() {
        reset.accept(ErrorCode.CANCEL);
    }

    @Override
    public void abort() {
        reset.accept(ErrorCode.CONNECT_ERROR);
    }
}
