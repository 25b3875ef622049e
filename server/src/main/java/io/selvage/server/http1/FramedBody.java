package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;

/// The body of a client's request or of a peer's response, read from a connection exactly up to its end.
///
/// Closing it does nothing; the owner of the connection decides what to do with an unread rest.
final class FramedBody implements BodySource {
    private static final int FRAMING_WINDOW = 4 * 1024;

    /// How the reader of a body waits for bytes of the connection.
    @FunctionalInterface
    interface Waiting {

        /// The longest wait between two reads.
        Duration patience();

        /// Called before each read from the connection; the result is passed to [#ended].
        default long began() {
            return 0;
        }

        /// Called after each of them that did not fail.
        ///
        /// @param count of bytes, or -1 at the end
        /// @throws Failure where the sender is too slow
        default void ended(long began, int count) throws Failure {
        }
    }

    private final Input input;
    private final Framing framing;
    private final int longestLine;
    private final Waiting waiting;
    private final BooleanSupplier mayLook;
    private final Failure.Where side;
    private final @Nullable ChunkReader chunks;        // not null for a chunked body only
    private long left;                                 // bytes not yet read of a body with a length
    private long taken;
    private boolean closed;                            // the end of the connection was seen

    /// @param side whose body it is, for its failures
    /// @param waiting for the bytes that have not been received
    /// @param mayLook true while no thread writes to the connection, so that it may be read without waiting
    FramedBody(Input input, Framing framing, Failure.Where side, FieldRules rules, Waiting waiting,
            BooleanSupplier mayLook) {
        this.input = input;
        this.framing = framing;
        this.side = side;
        this.longestLine = rules.longestLine();
        this.waiting = waiting;
        this.mayLook = mayLook;
        this.chunks = framing instanceof Framing.Chunked ? new ChunkReader(rules) : null;
        this.left = framing instanceof Framing.Length(long bytes) ? bytes : 0;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return read(into, waiting.patience());
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        return hasMoreNow() || input.mayHaveMore() && mayLook.getAsBoolean() ? read(into, Input.NOW) : 0;
    }

    private int read(ByteBuffer into, Duration longest) throws Failure {
        try {
            int count = switch (framing) {
                case Framing.None(), Framing.Refused _ -> -1;
                case Framing.Length _ -> left == 0 ? -1 : some(into, left, longest);
                case Framing.Chunked() -> chunk(requireNonNull(chunks), into, longest);
                case Framing.UntilClose() -> closed ? -1 : some(into, Long.MAX_VALUE, longest);
            };
            taken += Math.max(0, count);
            return count;
        } catch (TimedOut e) {
            throw failure(Failure.What.TIMED_OUT, "sent nothing in time in the middle of its body", e);
        } catch (IOException e) {
            throw failure(Failure.What.CLOSED, "closed the connection in the middle of its body", e);
        }
    }

    /// Waits for the first bytes of a body with a known length. Does nothing for any other body.
    void awaitSome() throws Failure {
        if (left == 0 || !input.isEmpty()) {
            return;
        }
        try {
            if (input.fill(HeadBufferPool.SIZE, HeadBufferPool.SIZE, waiting.patience()) < 0) {
                throw failure(Failure.What.CLOSED, "closed the connection before its body", null);
            }
        } catch (TimedOut e) {
            throw failure(Failure.What.TIMED_OUT, "sent nothing of its body in time", e);
        } catch (IOException e) {
            throw failure(Failure.What.CLOSED, "closed the connection before its body", e);
        }
    }

    /// Reads the end of the connection where that ends the body, and no byte is left before it.
    ///
    /// @return true if the body has ended
    boolean readEnd() {
        try {
            if (framing instanceof Framing.UntilClose && !closed && input.isEmpty()) {
                closed = input.fill(FRAMING_WINDOW, FRAMING_WINDOW, waiting.patience()) < 0 && !input.isTruncated();
            }
            return ended();
        } catch (IOException _) {
            return false;                              // the next read reports it
        }
    }

    @Override
    public OptionalLong length() {
        return switch (framing) {
            case Framing.None(), Framing.Refused _ -> OptionalLong.of(0);
            case Framing.Length(long bytes) -> OptionalLong.of(bytes);
            case Framing.Chunked(), Framing.UntilClose() -> OptionalLong.empty();
        };
    }

    @Override
    public boolean hasMoreNow() {
        if (chunks != null) {
            frame(chunks);
            return chunks.ended() || chunks.refusal().isPresent() || chunks.dataLeft() > 0 && !input.isEmpty();
        }
        return ended() || !input.isEmpty();
    }

    @Override
    public Headers trailers() {
        return chunks == null ? Headers.EMPTY : chunks.trailers();
    }

    /// True if the whole body was read.
    boolean ended() {
        return switch (framing) {
            case Framing.None() -> true;
            case Framing.Refused _ -> false;
            case Framing.Length _ -> left == 0;
            case Framing.Chunked() -> chunks != null && chunks.ended();
            case Framing.UntilClose() -> closed;
        };
    }

    /// Bytes of the body read so far, without framing.
    long taken() {
        return taken;
    }

    /// Bytes of the body read so far, framing included.
    long received() {
        return taken + (chunks == null ? 0 : chunks.used());
    }

    boolean isChunked() {
        return chunks != null;
    }

    private int chunk(ChunkReader reader, ByteBuffer into, Duration longest) throws IOException, Failure {
        while (true) {
            frame(reader);
            if (reader.refusal().isPresent()) {
                throw failure(Failure.What.MALFORMED, "sent a malformed body: " + reader.refusal().get().reason(), null);
            }
            if (reader.ended()) {
                return -1;
            }
            if (reader.dataLeft() > 0) {
                return chunks(reader, into, longest);
            }
            int framing = fill(longest);
            if (framing == 0) {
                return 0;
            }
            if (framing < 0) {
                throw failure(Failure.What.CLOSED, "closed the connection in the middle of a chunked body", null);
            }
        }
    }

    /// Reads the data of this chunk and of all others that are in the window: the sender chooses the size of its chunks, but not
    /// how often its body is read.
    private int chunks(ChunkReader reader, ByteBuffer into, Duration longest) throws IOException, Failure {
        int count = some(into, reader.dataLeft(), longest);
        reader.took(count);
        while (!input.isEmpty() && into.hasRemaining()) {
            frame(reader);
            int more = input.take(into, (int) Math.min(reader.dataLeft(), Integer.MAX_VALUE));
            if (more == 0) {
                break;
            }
            reader.took(more);
            count += more;
        }
        return count;
    }

    /// Parses the framing that was received.
    private void frame(ChunkReader reader) {
        input.skip(reader.read(input.window(), input.from(), input.to()));
    }

    /// Reads at most `most` bytes of data, at least one unless `longest` is zero.
    ///
    /// @return the number of bytes, or -1 if the end of the connection ended the body
    private int some(ByteBuffer into, long most, Duration longest) throws IOException, Failure {
        int bound = (int) Math.min(most, Integer.MAX_VALUE);
        // The short rest of a chunk is read into the window, together with what follows it; a long one bypasses the window.
        if (input.isEmpty() && chunks != null && bound < Math.min(into.remaining(), FRAMING_WINDOW)
                && fill(longest) < 0) {
            throw failure(Failure.What.CLOSED, "closed the connection in the middle of a chunk", null);
        }
        int count = input.isEmpty() ? readInto(into, bound, longest) : input.take(into, bound);
        if (count >= 0) {
            left -= framing instanceof Framing.Length ? count : 0;
            return count;
        }
        closed = framing instanceof Framing.UntilClose && !input.isTruncated();    // RFC 9112 §9.8
        if (closed) {
            return -1;
        }
        throw failure(Failure.What.CLOSED, "closed the connection in the middle of its body", null);
    }

    private int fill(Duration longest) throws IOException, Failure {
        long began = waiting.began();
        int count = input.fill(FRAMING_WINDOW, longestLine, longest);
        waiting.ended(began, count);
        return count;
    }

    private int readInto(ByteBuffer into, int most, Duration longest) throws IOException, Failure {
        long began = waiting.began();
        int count = input.readInto(into, most, longest);
        waiting.ended(began, count);
        return count;
    }

    private Failure failure(Failure.What what, String did, @Nullable Throwable cause) {
        String who = side == Failure.Where.DOWNSTREAM ? "the client " : "the peer ";
        return new Failure(side, what, false, who + did, cause);
    }
}
