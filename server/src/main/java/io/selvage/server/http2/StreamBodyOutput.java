package io.selvage.server.http2;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http1.BodyBufferPool;
import io.selvage.server.http1.Clock;
import io.selvage.server.http1.GatheredParts;
import io.selvage.server.http1.PacedOutput;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends one head and its body on a stream.
final class StreamBodyOutput extends PacedOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /// What is in the page cache is read in a tenth of this.
    private static final long SLOW_NANOS = 2_000_000;

    private final ConnectionOutput output;
    private final Http2Stream stream;
    private Http2Stream.@Nullable Head head;   // sent with the next bytes; null once sent
    private long bodyBytes;
    private boolean fromDisk;                  // the last piece of a file was read slowly

    StreamBodyOutput(ConnectionOutput output, Http2Stream stream, Exchange exchange, Clock clock, Http2Stream.Head head) {
        super(exchange, clock);
        this.output = output;
        this.stream = stream;
        this.head = head;
        stream.chunk(exchange.routing().options().http2().chunk());
    }

    @Override
    protected boolean mayWatch() {
        return true;
    }

    /// True if not even the head was given to the connection.
    boolean nothingSent() {
        return head != null;
    }

    /// Bytes of the body that were given to the connection.
    long bodyBytes() {
        return bodyBytes;
    }

    /// Sends head and body.
    ///
    /// @param headOnly whether nothing follows the head, whatever the body is
    /// @throws Failure if the body cannot be read, or differs from its announced length
    void send(Body body, boolean headOnly) throws IOException, Failure {
        if (headOnly) {
            write(NOTHING, true);
            return;
        }
        switch (body) {
            case Body.None() -> write(NOTHING, true);
            case Body.Bytes(ByteBuffer bytes, _) -> data(bytes.duplicate(), true);
            case Body.FilePart part -> file(part, true);
            case Body.Parts(var parts) -> parts(parts);
            case Body.Stream(BodySource source) -> stream(source);
        }
        long announced = body.length().orElse(bodyBytes);
        if (bodyBytes != announced) {
            throw Failure.here(Failure.What.CLOSED, "a body of " + bodyBytes + " bytes where " + announced + " were announced");
        }
    }

    private void file(Body.FilePart part, boolean last) throws IOException, Failure {
        long left = part.count();
        if (part.start().hasRemaining()) {
            left -= part.start().remaining();
            data(part.start().duplicate(), last && left == 0);
        }
        ByteBuffer buffer = left > BodyBufferPool.BODY ? BodyBufferPool.takeLarge() : BodyBufferPool.take();
        try {
            while (left > 0) {
                int count = (int) Math.min(left, buffer.capacity());
                read(part.file(), part.at() + part.count() - left, buffer.clear().limit(count));
                left -= buffer.flip().remaining();
                data(buffer, last && left == 0);
                if (left > 0) {
                    Thread.yield();
                }
            }
        } finally {
            BodyBufferPool.give(buffer);
        }
    }

    private void parts(List<Body> parts) throws IOException, Failure {
        GatheredParts.send(parts, new GatheredParts.Sink() {
            @Override
            public void gathered(ByteBuffer bytes) throws IOException {
                data(bytes, false);
            }

            @Override
            public void large(Body part) throws IOException, Failure {
                switch (part) {
                    case Body.Bytes(ByteBuffer bytes, _) -> data(bytes.duplicate(), false);
                    case Body.FilePart file -> file(file, false);
                    case Body.None _, Body.Parts _, Body.Stream _ -> throw new IllegalArgumentException("not one part: " + part);
                }
            }
        });
        write(NOTHING, true);
    }

    /// Sends the bytes of a source as they arrive: everything read is sent before waiting for more.
    private void stream(BodySource source) throws IOException, Failure {
        beginStream(source);
        long announced = source.length().orElse(-1);
        ByteBuffer buffer = announced > BodyBufferPool.BODY ? BodyBufferPool.takeLarge() : BodyBufferPool.take();
        try {
            boolean ended = false;
            for (int pieces = 1; !ended; pieces++) {
                ended = piece(source, buffer.clear(), announced);
                buffer = resized(buffer, buffer.limit() == buffer.capacity() && !isSlow());
                yieldAfter(pieces);
            }
        } finally {
            endStream();
            BodyBufferPool.give(buffer);
        }
    }

    /// Sends what the source has now.
    ///
    /// @param announced bytes of the whole, -1 where that is not known
    /// @return true at the end of the source
    private boolean piece(BodySource source, ByteBuffer buffer, long announced) throws IOException, Failure {
        boolean ended;
        try {
            ended = fill(source, buffer);
        } catch (Failure failure) {
            data(buffer.flip(), false);
            throw failure;
        }
        long whole = bodyBytes + buffer.position();
        if (announced >= 0 && whole > announced) {
            throw Failure.here(Failure.What.BUG, "a body longer than was announced");
        }
        boolean complete = ended && (announced < 0 || whole == announced);
        Headers trailers = complete ? source.trailers() : Headers.EMPTY;
        data(buffer.flip(), complete && trailers.size() == 0);
        if (trailers.size() > 0) {
            head = ResponseFields.trailers(trailers);
            write(NOTHING, true);
        }
        return ended;
    }

    private static ByteBuffer resized(ByteBuffer buffer, boolean large) {
        if (large == buffer.capacity() > BodyBufferPool.SIZE) {
            return buffer;
        }
        BodyBufferPool.give(buffer);
        return large ? BodyBufferPool.takeLarge() : BodyBufferPool.take();
    }

    /// Sends bytes as fast as the rate allows.
    private void data(ByteBuffer bytes, boolean last) throws IOException {
        int end = bytes.limit();
        do {
            int piece = (int) allowed(bodyBytes, end - bytes.position());
            int next = bytes.position() + piece;
            write(bytes.limit(next), last && next == end);
            bytes.limit(end).position(next);
            bodyBytes += piece;
        } while (bytes.position() < end);
    }

    @Override
    protected void flush() throws IOException {
        if (head != null) {
            write(NOTHING, false);
        }
    }

    private void write(ByteBuffer bytes, boolean last) throws IOException {
        Http2Stream.Head first = head;
        if (first == null && !last && !bytes.hasRemaining()) {
            return;
        }
        int count = bytes.remaining();
        boolean taken = first != null && last && count == 0 ? output.offer(stream, first.asLast(), bytes, false)
                : output.offer(stream, first, bytes, last);
        head = null;
        if (!taken) {
            readAhead();
            checkRate(output.awaitTaken(stream, options().timeout()), count);
        }
    }

    /// Reads a piece of a file. On an event loop a file is read there as long as its bytes come from memory.
    private void read(SendableFile file, long at, ByteBuffer into) throws Failure {
        long began = clock().nanos();
        if (fromDisk) {
            BlockingExecutor.<Boolean, Failure>call(() -> {
                GatheredParts.read(file, into, at);
                return true;
            });
        } else {
            GatheredParts.read(file, into, at);
        }
        fromDisk = clock().nanos() - began > SLOW_NANOS;
    }
}
