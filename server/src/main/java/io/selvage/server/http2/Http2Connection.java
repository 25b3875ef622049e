package io.selvage.server.http2;

import io.selvage.server.engine.Carrier;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.ProxyHeader;
import io.selvage.server.http1.BodyBufferPool;
import io.selvage.server.http1.ClientConnection;
import io.selvage.server.http1.Clock;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Serves one client's connection by HTTP/2 until one side ends it. The caller closes it then.
///
/// The calling thread reads frames. Each request has a thread of its own, on the same carrier if there is one, and goes the way
/// of a request of HTTP/1; its body and its answer go through frames. One more thread writes where that has to wait
/// ([ConnectionOutput]).
public final class Http2Connection implements ClientStreams.Observer {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int LEAST_READ = 4096;
    private static final int MOST_READ = 64 * 1024;
    private static final int MOST_IN_HEAD = 1 << 24;
    /// Room for a header block that is larger than its fields, because of its encoding.
    private static final int MORE_IN_BLOCK = 16 * 1024;
    /// A stream ends the wait, or the client does.
    private static final Duration UNBOUNDED = Duration.ofDays(365);
    /// The longest time for which a client may open streams after it was asked not to.
    private static final long LAST_CALL_NANOS = 1_000_000_000L;
    /// The longest time for which a connection that is closed to make room keeps its place, so that the client hears of it.
    private static final Duration LAST_WORDS = Duration.ofMillis(100);

    private final Connection connection;
    private final ConnectionPhase phase;
    private final Clock clock;
    private final Consumer<String> errors;
    private final ClientOptions options;                   // of the listener, when the connection began
    private final ClientStreams streams;
    private final ClientFrames clientFrames;
    private final RequestOpener opener;
    private final FrameReader frames;
    private final int maxHead;                             // bytes of the fields of a request
    private final long openedNanos;
    private final boolean onCarrier = Carrier.isUnderThisThread();
    private int readSize = LEAST_READ;                     // the next three: thread of the connection only
    private boolean partial;                               // a frame or a header block is incomplete, since
    private long partialNanos;                             // this time
    private long usedNanos;                                // when the last request began, or the connection; with the lock
    private volatile boolean reading;                      // the thread of the connection is about to read, or does
    private boolean draining;                              // the rest: with the lock
    private long drainedNanos;
    private boolean settingsQueued;                        // our settings, which come first, are on their way
    private boolean kept;                                  // while idle: not closed before
    private long keptUntil;                                // this time
    private volatile boolean over;                         // no frame is sent any more

    /// @param phase of the connection; it is busy
    /// @param serial of the connection since the start
    /// @param proxyHeader what a proxy said about the client before its first bytes
    /// @param entryPoint what a request meets first; read once for each request, which keeps what it got
    /// @param errors gets a few words about what the client did wrong, where that ends the connection
    public Http2Connection(Connection connection, ConnectionPhase phase, long serial, Optional<ProxyHeader> proxyHeader,
            Supplier<EntryPoint> entryPoint, Clock clock, Consumer<String> errors) {
        this.connection = connection;
        this.phase = phase;
        this.clock = clock;
        this.errors = errors;
        this.openedNanos = clock.nanos();
        this.usedNanos = openedNanos;
        this.options = entryPoint.get().options();
        ClientOptions.Head head = options.head();
        this.maxHead = (int) Math.min(MOST_IN_HEAD, head.bufferSize() + (long) head.largeBuffers() * head.largeBufferSize());
        this.streams = new ClientStreams(connection, clock, options.sending().timeout(), this);
        this.clientFrames = new ClientFrames(streams, clock, options.http2().streams(), options.http2().window(), maxHead,
                this::open);
        var known = new ClientConnection(connection, phase.limit(), serial, openedNanos, proxyHeader);
        this.opener = new RequestOpener(known, streams, entryPoint, clock);
        this.frames = new FrameReader(clientFrames, true, options.maxFrameSize(), maxHead + MORE_IN_BLOCK);
    }

    /// Serves until one side ends the connection. The client's preface was read.
    public void serve() {
        boolean lingers = true;
        try {
            connection.noDelay(options.sending().noDelay());
            connection.resetTimedOutWrites(options.resetTimedOut());
            begin();
            ByteBuffer in = read(NOTHING);
            while (in.hasRemaining() && !over) {
                handle(in);
                in = read(in);
            }
            lingers = in.hasRemaining();
        } catch (Http2Error error) {
            errors.accept(error.detail() + " (" + error.code() + ")");
            end(error.code(), error.detail());
        } catch (TimedOut _) {
            lingers = false;
            end(partial ? ErrorCode.PROTOCOL_ERROR : ErrorCode.NO_ERROR, "");
        } catch (IOException _) {
            lingers = false;               // the connection broke, or was closed to make room
        } finally {
            conclude(lingers);
        }
    }

    private void begin() throws IOException {
        streams.lock().lock();
        try {
            streams.begin(options, maxHead);
            settingsQueued = true;
            phase.closesBy(this::makeRoom);
            if (draining || !phase.idle(usedNanos)) {
                finish();
            }
        } finally {
            streams.lock().unlock();
        }
        streams.output().start();
    }

    /// Handles the frames that were read. On a carrier the threads of the requests run before what they send is written.
    private void handle(ByteBuffer in) throws Http2Error {
        ConnectionOutput output = streams.output();
        if (onCarrier) {
            output.cork();
        }
        try {
            boolean more = true;
            while (more) {
                more = frames.read(in);
            }
            if (opener.takeStarted() && onCarrier) {
                Thread.yield();
            }
        } finally {
            output.uncork();
        }
        boolean incomplete = in.hasRemaining() || clientFrames.isInBlock();
        if (incomplete && !partial) {
            partialNanos = clock.nanos();
        }
        partial = incomplete;
    }

    /// Reads more bytes behind those that are left.
    ///
    /// @return a buffer with all of them; an empty one at the end of the input
    private ByteBuffer read(ByteBuffer rest) throws IOException {
        try {
            Duration patience = patience();
            if (!rest.hasRemaining()) {
                ByteBuffer in = connection.awaitBytes(rest.clear(), readSize, patience);
                resize(in.hasRemaining() ? in.position() : 2 * in.capacity());
                return in.flip();
            }
            boolean full = rest.remaining() == rest.capacity();
            ByteBuffer in = full ? ByteBuffer.allocate(Math.min(frames.bufferSize(), 2 * rest.capacity())).put(rest)
                    : rest.compact();
            return connection.read(in, patience) < 0 ? NOTHING : in.flip();
        } finally {
            reading = false;
        }
    }

    /// Lets a buffer that was full be followed by a larger one, and one that was mostly empty by a smaller one.
    private void resize(int wanted) {
        readSize = wanted > readSize ? Math.min(MOST_READ, wanted) : wanted < readSize / 4
                ? Math.max(LEAST_READ, readSize / 2) : readSize;
    }

    private Duration patience() throws TimedOut {
        streams.lock().lock();
        try {
            reading = true;
            if (partial) {
                long left = options.head().timeout().toNanos() - (clock.nanos() - partialNanos);
                if (left <= 0) {
                    throw new TimedOut("a frame that takes too long");
                }
                return Duration.ofNanos(left);
            }
            return streams.isIdle() ? idlePatience() : UNBOUNDED;
        } finally {
            streams.lock().unlock();
        }
    }

    private Duration idlePatience() {
        return over ? options.lingering().timeout() : phase.shortened(opener.requests() == 0 ? options.head().timeout()
                : options.keepAlive().timeout());
    }

    // What the streams report, with the lock.

    private void open(Http2Stream stream, HpackDecoder decoder, ByteBuffer block, boolean endStream) throws Http2Error {
        long now = clock.nanos();
        if (streams.isIdle()) {
            if (!phase.busy()) {
                streams.turnAway(stream, decoder, block);
                return;
            }
            if (draining) {                                // while it was kept
                drainedNanos = now;
                streams.announceEnd();
            }
        }
        usedNanos = now;
        phase.countRequest();
        opener.open(stream, decoder, block, endStream);
        boolean last = opener.requests() >= options.keepAlive().requests()
                || now - openedNanos >= options.keepAlive().time().toNanos()
                || draining && now - drainedNanos > LAST_CALL_NANOS;
        if (last && !streams.isRefusing()) {
            streams.refuse(ErrorCode.NO_ERROR, "");
        }
    }

    @Override
    public void idle(Duration minIdle) {
        boolean stays = !draining && !streams.isRefusing() && !phase.isLast() && options.keepAlive().timeout().isPositive();
        if (!stays || !becomeIdle(minIdle)) {
            finish();
            phase.lingers(clock.nanos());
            return;
        }
        Duration patience = idlePatience();
        boolean limited = connection.readPatience(patience);
        while (!limited && reading && !onCarrier) {
            Thread.yield();                                // until the other thread is where it was about to be
            limited = connection.readPatience(patience);
        }
    }

    /// Returns false if the connection must be closed instead.
    private boolean becomeIdle(Duration minIdle) {
        kept = minIdle.isPositive();
        if (!kept) {
            return phase.idle(usedNanos);
        }
        keptUntil = clock.nanos() + minIdle.toNanos();
        phase.idle(usedNanos, keptUntil);
        return true;
    }

    @Override
    public void pinged() {
        if (draining && !streams.isRefusing()) {
            streams.refuse(ErrorCode.NO_ERROR, "");
        }
    }

    // The end.

    /// Ends the connection after its requests: the client hears of it, and may answer before the last stream is decided on. Any
    /// thread; does not wait.
    public void drain() {
        streams.lock().lock();
        try {
            if (draining || over) {
                return;
            }
            draining = true;
            drainedNanos = clock.nanos();
            if (!settingsQueued) {
                return;
            }
            long rest = kept && streams.isIdle() ? keptUntil - drainedNanos : 0;
            if (rest > 0) {
                Thread.ofVirtual().name("selvage-keepalive-min").start(() -> finishAfter(rest));
            } else if (streams.isIdle()) {
                finish();
            } else if (!streams.isRefusing()) {
                streams.announceEnd();
            }
        } finally {
            streams.lock().unlock();
        }
    }

    /// Ends the connection after a time if it waits for a request then. If it has answered one since, it has ended.
    private void finishAfter(long nanos) {
        try {
            Thread.sleep(Duration.ofNanos(nanos));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        streams.lock().lock();
        try {
            if (streams.isIdle() && !over) {
                finish();
            }
        } finally {
            streams.lock().unlock();
        }
    }

    /// Closes the connection, which is idle, to make room: the client hears which requests were answered. Any thread; does not
    /// wait.
    private void makeRoom() {
        Thread.ofVirtual().name("selvage-http2-last-words").start(() -> {
            try {
                if (!finishForGood() || !streams.output().awaitEnd(LAST_WORDS)) {
                    connection.close();
                }
            } catch (InterruptedException _) {
                connection.close();
            }
        });
    }

    /// Ends the output and then the connection.
    ///
    /// @return false if the output was ended before
    private boolean finishForGood() {
        streams.lock().lock();
        try {
            if (over) {
                return false;
            }
            streams.refuse(ErrorCode.NO_ERROR, "");
            over = true;
            streams.output().finish(connection::close);
            return true;
        } finally {
            streams.lock().unlock();
        }
    }

    /// Ends the output of a connection without streams. With the lock.
    private void finish() {
        if (!streams.isRefusing()) {
            streams.refuse(ErrorCode.NO_ERROR, "");
        }
        over = true;
        streams.output().finish(() -> connection.readPatience(options.lingering().timeout()));
    }

    /// Ends the connection at once.
    private void end(ErrorCode code, String why) {
        streams.lock().lock();
        try {
            if (!over) {
                streams.refuse(code, why);
            }
        } finally {
            streams.lock().unlock();
        }
    }

    /// Ends all streams and the output.
    ///
    /// @param lingers whether the client may still send
    private void conclude(boolean lingers) {
        streams.abort();
        over = true;
        streams.output().finish(() -> { });
        try {
            if (lingers) {
                linger();
            }
            streams.awaitEnd();
            streams.output().awaitEnd();
        } catch (IOException _) {
            streams.awaitEnd();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads on for a while, so that what the client still sends does not destroy the last frames on their way
    /// (`lingering_close`).
    private void linger() throws IOException {
        ClientOptions.Lingering lingering = options.lingering();
        if (lingering.when() == ClientOptions.Lingering.When.OFF) {
            return;
        }
        long deadline = clock.nanos() + lingering.time().toNanos();
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            long left = lingering.time().toNanos();
            while (left > 0) {
                Duration patience = Duration.ofNanos(Math.min(left, lingering.timeout().toNanos()));
                if (patience.isZero() || connection.read(buffer.clear(), patience) < 0) {
                    return;
                }
                left = deadline - clock.nanos();
            }
        } catch (TimedOut _) {
            // Long enough.
        } finally {
            BodyBufferPool.give(buffer);
        }
    }
}
