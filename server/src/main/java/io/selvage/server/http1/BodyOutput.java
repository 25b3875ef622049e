package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Sends one head and its body, in one write where possible.
final class BodyOutput extends PacedOutput {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    /// Head and body of up to this many bytes are copied into one buffer: cheaper than a gathering write.
    private static final int MOST_COPIED = 4096;
    /// A head longer than this is sent before the first piece of a stream, not with it.
    private static final int MOST_IN_FRONT = 4096;

    private final Output output;
    private final BooleanSupplier received;
    private final long sentBefore;             // bytes of interim responses of this exchange
    private ByteBuffer head;                   // sent with the next bytes; empty once sent
    private long bodyBytes;
    private long pacedBytes;                   // of the body and its framing, for the pace

    /// @param received true once all of the request has been read
    BodyOutput(Output output, Exchange exchange, Clock clock, ByteBuffer head, BooleanSupplier received) {
        super(exchange, clock);
        this.received = received;
        this.output = output;
        this.sentBefore = output.sent();
        this.head = head;
    }

    /// True if not even the head was sent.
    boolean nothingSent() {
        return output.sent() == sentBefore;
    }

    /// Bytes of the body sent so far, without framing.
    long bodyBytes() {
        return bodyBytes;
    }

    /// Sends head and body.
    ///
    /// @param framing as announced in the head; with none, the body is not sent
    /// @throws Failure if the body cannot be read, or differs from its announced length
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
            case Body.Bytes(ByteBuffer bytes, _) -> data(bytes.duplicate());
            case Body.FilePart part -> file(part);
            case Body.Parts(var parts) -> parts(parts, framing);
            case Body.Stream(BodySource source) -> stream(source, framing);
        }
    }

    private void parts(List<Body> parts, Framing framing) throws IOException, Failure {
        GatheredParts.send(parts, new GatheredParts.Sink() {
            @Override
            public void gathered(ByteBuffer bytes) throws IOException {
                data(bytes);
            }

            @Override
            public void large(Body part) throws IOException, Failure {
                BodyOutput.this.part(part, framing);
            }
        });
    }

    private void file(Body.FilePart part) throws IOException, Failure {
        if (!options().sendfile()) {
            copy(part.file(), part.at(), part.count());
            return;
        }
        data(part.start().duplicate());
        flush();
        long end = part.at() + part.count();
        long left = part.count() - part.start().remaining();
        while (left > 0) {
            long piece = allowed(pacedBytes, left);
            long began = clock().nanos();
            long done = output.send(part.file(), end - left, piece, options().timeout());
            if (done == 0) {
                throw Failure.here(Failure.What.CLOSED, "a file became shorter while it was sent");
            }
            left -= done;
            bodyBytes += done;
            pacedBytes += done;
            checkRate(clock().nanos() - began, done);
            if (left > 0) {
                Thread.yield();
            }
        }
    }

    private void copy(SendableFile file, long at, long count) throws IOException, Failure {
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            long left = count;
            while (left > 0) {
                buffer.clear().limit((int) Math.min(left, buffer.capacity()));
                GatheredParts.read(file, buffer, at + count - left);
                left -= buffer.flip().remaining();
                data(buffer);
            }
        } finally {
            BodyBufferPool.give(buffer);
        }
    }

    /// Sends the bytes of a source as they arrive: everything read is sent before waiting for more.
    private void stream(BodySource source, Framing framing) throws IOException, Failure {
        boolean chunked = framing instanceof Framing.Chunked;
        long announced = framing instanceof Framing.Length(long bytes) ? bytes : 0;
        if (head.remaining() > MOST_IN_FRONT) {
            flush();
        }
        beginStream(source);
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
                piece.grow(full && !isSlow());
                yieldAfter(pieces);
            }
        } finally {
            endStream();
        }
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
            int piece = (int) allowed(pacedBytes, end - bytes.position());
            write(bytes.limit(bytes.position() + piece));
            bytes.limit(end);
            pacedBytes += piece;
        }
    }

    @Override
    protected boolean mayWatch() {
        return received.getAsBoolean();
    }

    @Override
    protected void flush() throws IOException {
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
        } else if (isStreaming()) {
            send(inFront(first, bytes));
        } else if (first.remaining() + bytes.remaining() <= MOST_COPIED) {
            together(first, bytes);
        } else {
            output.write(options().timeout(), first, bytes);
        }
    }

    /// Copies the head into the space reserved for it in front of the first piece.
    private static ByteBuffer inFront(ByteBuffer first, ByteBuffer bytes) {
        int at = bytes.position() - first.remaining();
        return bytes.put(at, first, first.position(), first.remaining()).position(at);
    }

    private void together(ByteBuffer first, ByteBuffer bytes) throws IOException {
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            output.write(options().timeout(), buffer.put(first).put(bytes).flip());
        } finally {
            BodyBufferPool.give(buffer);
        }
    }

    private void send(ByteBuffer bytes) throws IOException {
        if (isStreaming()) {
            output.writeNow(bytes);
            if (!bytes.hasRemaining()) {
                return;
            }
            readAhead();
        }
        int count = bytes.remaining();
        long began = clock().nanos();
        output.write(options().timeout(), bytes);
        checkRate(clock().nanos() - began, count);
    }
}
