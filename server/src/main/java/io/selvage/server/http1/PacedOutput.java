package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Client;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.net.TimedOut;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// How fast a response is sent, whatever protocol frames it: no faster than `limit_rate` allows, as soon as a source has bytes,
/// and to no client that takes them too slowly. The wire is that of the subclass. Used by one thread.
public abstract class PacedOutput {
    /// A stream that never waits yields to other threads after this many pieces.
    private static final int PIECES_A_TURN = 8;

    private final Client client;
    private final ClientOptions.Sending options;
    private final Clock clock;
    private final Pace pace;
    private @Nullable BodySource streamed;     // the source of the body, while it is being sent
    private @Nullable RateFloor floor;         // once the client held something up
    private boolean slow;                      // the client did not take something at once, or is rate limited

    protected PacedOutput(Exchange exchange, Clock clock) {
        this.client = exchange.client();
        this.options = exchange.routing().options().sending();
        this.clock = clock;
        this.pace = exchange.outcome().rate() == 0 ? Pace.UNBOUNDED
                : new Pace(exchange.outcome().rate(), exchange.outcome().rateAfter(), clock.nanos());
    }

    /// True if no other thread reads what the client sends, so that its end can be watched for.
    protected abstract boolean mayWatch();

    /// Sends the head if it was not sent yet.
    protected abstract void flush() throws IOException;

    protected final ClientOptions.Sending options() {
        return options;
    }

    protected final Clock clock() {
        return clock;
    }

    /// A source begins; it reads ahead while the client holds up its bytes.
    protected final void beginStream(BodySource source) {
        streamed = source;
    }

    protected final void endStream() {
        streamed = null;
    }

    protected final boolean isStreaming() {
        return streamed != null;
    }

    /// True if the client did not take something at once, or is rate limited: larger pieces gain nothing.
    protected final boolean isSlow() {
        return slow;
    }

    /// Reads until the buffer is full, the source would wait, or the source ends. Sends the head before it waits.
    ///
    /// @return true at the end of the source
    protected final boolean fill(BodySource source, ByteBuffer buffer) throws IOException, Failure {
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

    /// Lets other threads run after some pieces of a stream.
    ///
    /// @param pieces how many were sent
    protected static void yieldAfter(int pieces) {
        if (pieces % PIECES_A_TURN == 0) {
            Thread.yield();
        }
    }

    /// Waits until the rate allows some of the remaining bytes.
    ///
    /// @param sent how many bytes were sent that count
    /// @param left how many remain
    /// @return how many may be sent now
    protected final long allowed(long sent, long left) throws IOException {
        if (!pace.isBounded() || left == 0) {
            return left;
        }
        try {
            long rest = pace.restNanos(sent, left, clock.nanos());
            while (rest > 0) {
                flush();
                readAhead();
                rest(rest);
                rest = pace.restNanos(sent, left, clock.nanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a body was held back");
        }
        return Math.min(left, pace.allowed(sent, clock.nanos()));
    }

    private void rest(long nanos) throws IOException, InterruptedException {
        Thread sender = Thread.currentThread();
        try (DisconnectWatch watch = mayWatch() ? client.watch(() -> LockSupport.unpark(sender)) : DisconnectWatch.NONE) {
            clock.sleep(nanos, watch::isGone);
            if (watch.isGone()) {
                throw new EOFException("the client left while its response was held back");
            }
        }
    }

    /// Ends the response to a client that takes it too slowly. Only what had to wait is measured, and long files: the rest of a
    /// response is short enough for the time-out of a single write.
    protected final void checkRate(long tookNanos, long bytes) throws TimedOut {
        RateFloor judge = floor == null ? new RateFloor(false) : floor;
        floor = judge;
        judge.checkReader(options.minRate(), tookNanos, bytes);
    }

    /// The client holds something up: the source may read on in the meantime.
    protected final void readAhead() {
        slow = true;
        if (streamed != null) {
            streamed.readAhead();
        }
    }
}
