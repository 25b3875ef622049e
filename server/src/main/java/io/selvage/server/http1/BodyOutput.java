package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Sends one head and the body behind it, in one write where it can.
final class BodyOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /// Head and body up to so many bytes are copied together: that costs less than a gathering write.
    private static final int MOST_COPIED = 4096;
    /// A longer head goes before a stream, not with it.
    private static final int MOST_IN_FRONT = 4096;
    /// A stream that never waits lets others run after so many buffers.
    private static final int PIECES_A_TURN = 8;

    private final Output output;
    private final ClientOptions options;
    private final Clock clock;
    private final Pace pace;
    private final long sentBefore;             // in this exchange: interim answers
    private ByteBuffer head;                   // what is to be sent with the next bytes
    private long bodyBytes;
    private long pacedBytes;                   // of the body with its framing, as the pace counts them
    private @Nullable BodySource streamed;     // while it is being sent: where more comes from
    private boolean slow;                      // whether the client has not taken something at once, or is held back

    BodyOutput(Output output, Exchange exchange, Clock clock, ByteBuffer head) {
        this.output = output;
        this.options = exchange.routing().options();
        this.clock = clock;
        this.pace = exchange.outcome().rate() == 0 ? Pace.UNBOUNDED
                : new Pace(exchange.outcome().rate(), exchange.outcome().rateAfter(), clock.nanos());
        this.sentBefore = output.sent();
        this.head = head;
    }

    /// Whether not even the head has gone.
    boolean nothingSent() {
        return output.sent() == sentBefore;
    }

    /// Bytes of the body sent until now, without framing.
    long bodyBytes() {
        return bodyBytes;
    }

    /// Sends head and body.
    ///
    /// @param framing as the head tells it; with none, the body is left out
    /// @throws Failure where the body could not be had as the head has promised it
    void send(Body body, Framing framing) throws IOException, Failure {
        if (!(framing instanceof Framing.None)) {
            part(body, framing);
        }
        flush();
        if (framing instanceof Framing.Length(long bytes) && bodyBytes != bytes) {
            throw Failure.here(Failure.What.CLOSED, "a body of " + bodyBytes + " bytes where " + bytes + " were announced");
        }
    }

    private void part(Body body, Framing framing) throws IOException, Failure {
        switch (body) {
            case Body.None() -> { }
            case Body.Bytes(ByteBuffer bytes) -> data(bytes.duplicate());
            case Body.FilePart part -> file(part);
            case Body.Parts(var parts) -> {
                for (Body each : parts) {
                    part(each, framing);
                }
            }
            case Body.Stream(BodySource source) -> stream(source, framing);
        }
    }

    private void file(Body.FilePart part) throws IOException, Failure {
        if (!options.sending().sendfile()) {
            copy(part.file(), part.at(), part.count());
            return;
        }
        data(part.start().duplicate());
        flush();
        long end = part.at() + part.count();
        long left = part.count() - part.start().remaining();
        while (left > 0) {
            long piece = allowed(left);
            long done = output.send(part.file(), end - left, piece, options.sending().timeout());
            left -= done;
            bodyBytes += done;
            pacedBytes += done;
            if (done < piece) {
                throw Failure.here(Failure.What.CLOSED, "a file became shorter while it was sent");
            }
        }
    }

    private void copy(SendableFile file, long at, long count) throws IOException, Failure {
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            long left = count;
            while (left > 0) {
                buffer.clear().limit((int) Math.min(left, buffer.capacity()));
                read(file, buffer, at + count - left);
                left -= buffer.flip().remaining();
                data(buffer);
            }
        } finally {
            BodyBufferPool.give(buffer);
        }
    }

    private static void read(SendableFile file, ByteBuffer into, long at) throws Failure {
        try {
            if (file.read(into, at) <= 0) {
                throw Failure.here(Failure.What.CLOSED, "a file became shorter while it was sent");
            }
        } catch (IOException e) {
            throw new Failure(Failure.Where.HERE, Failure.What.CLOSED, true, "a file cannot be read", e);
        }
    }

    /// Sends what a source gives as it comes: nothing is held back while the source makes us wait.
    private void stream(BodySource source, Framing framing) throws IOException, Failure {
        boolean chunked = framing instanceof Framing.Chunked;
        long announced = framing instanceof Framing.Length(long bytes) ? bytes : 0;
        if (head.remaining() > MOST_IN_FRONT) {
            flush();
        }
        streamed = source;
        try (ChunkBuffer piece = new ChunkBuffer(chunked, announced)) {
            boolean ended = false;
            for (int pieces = 1; !ended; pieces++) {
                piece.begin(head.remaining());
                try {
                    ended = fill(source, piece.room());
                } catch (Failure failure) {
                    piece(piece, false);
                    throw failure;
                }
                if (framing instanceof Framing.Length && bodyBytes + piece.count() > announced) {
                    throw Failure.here(Failure.What.BUG, "a body longer than was announced");
                }
                boolean full = piece.isFull();
                Headers trailers = ended && chunked ? source.trailers() : Headers.EMPTY;
                piece(piece, ended && trailers.size() == 0);
                if (trailers.size() > 0) {
                    flush();
                    write(new HeadBytes().text("0").endOfLine().fields(trailers).done());
                }
                piece.grow(full && !slow);
                if (pieces % PIECES_A_TURN == 0) {
                    Thread.yield();
                }
            }
        } finally {
            streamed = null;
        }
    }

    /// Reads until the buffer is full, the source would wait, or it has ended.
    ///
    /// @return whether it has ended
    private boolean fill(BodySource source, ByteBuffer buffer) throws IOException, Failure {
        int count = source.readNow(buffer);
        if (count == 0) {
            flush();
            count = source.read(buffer);
        }
        while (count > 0 && buffer.hasRemaining()) {
            count = source.readNow(buffer);
        }
        return count < 0;
    }

    private void piece(ChunkBuffer piece, boolean last) throws IOException {
        int count = piece.count();
        paced(piece.framed(last));
        bodyBytes += count;
    }

    private void data(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        paced(bytes);
        bodyBytes += count;
    }

    private void paced(ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            int piece = (int) allowed(end - bytes.position());
            write(bytes.limit(bytes.position() + piece));
            bytes.limit(end);
            pacedBytes += piece;
        }
    }

    /// How much of what is left may be sent, once some of it may.
    private long allowed(long left) throws IOException {
        if (!pace.isBounded()) {
            return left;
        }
        try {
            long rest = pace.restNanos(pacedBytes, left, clock.nanos());
            while (rest > 0) {
                flush();
                readAhead();
                clock.sleep(rest);
                rest = pace.restNanos(pacedBytes, left, clock.nanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a body was held back");
        }
        return Math.min(left, pace.allowed(pacedBytes, clock.nanos()));
    }

    /// Sends the head if that has not been done.
    private void flush() throws IOException {
        if (head.hasRemaining()) {
            write(NOTHING);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        ByteBuffer first = head;
        head = NOTHING;
        if (!first.hasRemaining()) {
            send(bytes);
        } else if (!bytes.hasRemaining()) {
            send(first);
        } else if (streamed != null) {
            send(inFront(first, bytes));
        } else if (first.remaining() + bytes.remaining() <= MOST_COPIED) {
            together(first, bytes);
        } else {
            output.write(options.sending().timeout(), first, bytes);
        }
    }

    /// Puts the head into the room that was left for it in front of the first piece.
    private static ByteBuffer inFront(ByteBuffer first, ByteBuffer bytes) {
        int at = bytes.position() - first.remaining();
        return bytes.put(at, first, first.position(), first.remaining()).position(at);
    }

    private void together(ByteBuffer first, ByteBuffer bytes) throws IOException {
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            output.write(options.sending().timeout(), buffer.put(first).put(bytes).flip());
        } finally {
            BodyBufferPool.give(buffer);
        }
    }

    private void send(ByteBuffer bytes) throws IOException {
        if (streamed != null) {
            output.writeNow(bytes);
            if (!bytes.hasRemaining()) {
                return;
            }
            readAhead();
        }
        output.write(options.sending().timeout(), bytes);
    }

    private void readAhead() {
        slow = true;
        if (streamed != null) {
            streamed.readAhead();
        }
    }
}
