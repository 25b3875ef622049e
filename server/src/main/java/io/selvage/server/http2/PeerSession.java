package io.selvage.server.http2;

import io.selvage.server.engine.ThreadRegistry;
import io.selvage.server.http.Failure;
import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A connection to a peer that speaks HTTP/2 (RFC 9113), shared by the calls that are under way: each is a [PeerStream]. A
/// thread of its own reads it.
///
/// Any thread of the place where it was opened may use it. Bounds: 128 streams at a time or fewer if the peer says so, 128 KiB of
/// each response that was not read, 64 KiB of frames that were not written, and a rate for frames that carry nothing.
public final class PeerSession {
    /*
     * What guards what.
     *
     *   lock             the streams, the windows, the settings, and whether the session ends. Held for short steps, never while
     *                    something is written or waited for.
     *   PeerOutput       who writes. A thread that writes may take the lock; one that has the lock never waits for its turn to
     *                    write.
     *
     * A thread that waits for a stream announces itself in it, looks at the state under the lock, and parks. Whoever changes the
     * state unparks it afterwards. A permit that comes before the park is kept, so no wake-up is lost.
     */
    final ReentrantLock lock = new ReentrantLock();

    private static final int MOST_STREAMS = 128;
    private static final int STREAM_WINDOW = ReceivedResponse.WINDOW;
    private static final int CONNECTION_WINDOW = 16 << 20;
    private static final int MAX_FRAME = 1 << 14;
    private static final int MAX_BLOCK = 256 * 1024;
    private static final int MAX_LIST = 128 * 1024;
    private static final int IDLE_BUFFER = 4096;
    private static final int LAST_ID = Integer.MAX_VALUE - 2;
    /// Streams have deadlines of their own; a session without any is closed by its owner.
    private static final Duration UNBOUNDED = Duration.ofDays(365);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private final String address;
    private final long mostRequests;
    private final PeerOutput output;
    private final PeerFrames frames;
    private final FrameReader reader;
    private final PeerSettings settings = new PeerSettings();
    private final FlowWindow window = new FlowWindow(0, FlowWindow.DEFAULT_SIZE);
    private final Map<Integer, PeerStream> streams = new HashMap<>();
    private final long openedNanos = System.nanoTime();
    private int reserved;                                  // streams that were opened and have not ended
    private long requests;
    private int nextId = 1;
    private boolean draining;                              // no further streams
    private boolean once;                                  // ends when it has no stream, but may have more until then
    private boolean closed;
    private long idleSinceNanos = System.nanoTime();

    private @Nullable Ending ending;

    /// How a session ended.
    ///
    /// @param did what the peer did, behind its address
    private record Ending(Failure.What what, String did) {
    }

    private PeerSession(Connection connection, String address, long mostRequests, Duration patience) {
        this.connection = connection;
        this.address = address;
        this.mostRequests = mostRequests;
        this.output = new PeerOutput(connection, patience, this::writeFailed);
        this.frames = new PeerFrames(this, CONNECTION_WINDOW, MAX_LIST);
        this.reader = new FrameReader(frames, false, MAX_FRAME, MAX_BLOCK);
    }

    /// Starts a session. Its preface goes with the first request.
    ///
    /// @param address of the peer, for messages
    /// @param mostRequests how many requests it may carry
    /// @param patience the longest wait for the socket to take frames of the connection
    public static PeerSession start(Connection connection, String address, long mostRequests, Duration patience) {
        PeerSession session = new PeerSession(connection, address, mostRequests, patience);
        session.output.add(out -> {
            out.put(FrameWriter.preface());
            FrameWriter.settings(out, PeerSettings.ENABLE_PUSH, 0, PeerSettings.INITIAL_WINDOW_SIZE, STREAM_WINDOW,
                    PeerSettings.MAX_HEADER_LIST_SIZE, MAX_LIST);
            FrameWriter.windowUpdate(out, 0, CONNECTION_WINDOW - FlowWindow.DEFAULT_SIZE);
        });
        ThreadRegistry.start(session, session::read);
        return session;
    }

    /// Opens a stream for a request.
    ///
    /// @return empty if the session has no room, or ends
    public Optional<PeerStream> open(PeerStream.Limits limits) {
        lock.lock();
        try {
            if (draining || closed || reserved >= Math.min(MOST_STREAMS, settings.maxConcurrentStreams())) {
                return Optional.empty();
            }
            reserved++;
            requests++;
            draining = requests >= mostRequests;
            return Optional.of(new PeerStream(this, limits));
        } finally {
            lock.unlock();
        }
    }

    /// The address of the peer, as configured.
    public String address() {
        return address;
    }

    PeerSettings settings() {
        return settings;
    }

    /// The window of the connection for DATA to the peer.
    FlowWindow window() {
        return window;
    }

    /// Takes room for DATA of a stream from the window of the connection. The caller holds the lock.
    ///
    /// @return how many bytes may be sent now, at most `wanted`
    int reserve(int wanted) {
        int count = Math.clamp(window.size(), 0, wanted);
        if (count > 0) {
            window.sent(count);
            frames.dataSent();
        }
        return count;
    }

    PeerOutput output() {
        return output;
    }

    /// The stream of this number, if it has not ended. The caller holds the lock.
    Optional<PeerStream> stream(int id) {
        return Optional.ofNullable(streams.get(id));
    }

    /// All streams that were numbered and have not ended. The caller holds the lock.
    List<PeerStream> numbered() {
        return List.copyOf(streams.values());
    }

    /// True if no request of this number was sent. The caller holds the lock.
    boolean isIdle(int id) {
        return id >= nextId || id % 2 == 0;
    }

    /// Numbers a stream whose request is to be sent next. The caller holds the lock and its turn to write.
    ///
    /// @return the number; 0 if the session has ended, or will without this stream
    int number(PeerStream stream) {
        if (closed || frames.isGoingAway() || nextId > LAST_ID) {
            return 0;
        }
        int id = nextId;
        nextId += 2;
        streams.put(id, stream);
        return id;
    }

    /// Takes a stream out. The last one leaves the session idle, or ends it where no other may follow.
    void ended(PeerStream stream) {
        boolean ends;
        lock.lock();
        try {
            streams.remove(stream.id(), stream);
            reserved--;
            idleSinceNanos = System.nanoTime();
            ends = reserved == 0 && (draining || closed || once);
            closed |= ends;
        } finally {
            lock.unlock();
        }
        if (ends) {
            close();
        }
    }

    /// No further streams. The caller holds the lock.
    void drain() {
        draining = true;
    }

    /// True if it has ended, or ends with its last stream.
    public boolean isEnding() {
        lock.lock();
        try {
            return draining || closed;
        } finally {
            lock.unlock();
        }
    }

    /// Has it end as soon as it has no stream. Until then it may have more.
    public void closeWithLastStream() {
        lock.lock();
        try {
            once = true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends with its last stream; now, if it has none.
    public void retireWhenIdle() {
        boolean now;
        lock.lock();
        try {
            draining = true;
            now = reserved == 0;
        } finally {
            lock.unlock();
        }
        if (now) {
            close();
        }
    }

    /// Retires a session that has had no stream for too long, or is too old.
    public void retireIdle(long nowNanos, Duration idle, Duration age) {
        boolean old;
        lock.lock();
        try {
            old = reserved == 0 && nowNanos - idleSinceNanos >= idle.toNanos() || nowNanos - openedNanos > age.toNanos();
        } finally {
            lock.unlock();
        }
        if (old) {
            retireWhenIdle();
        }
    }

    /// Ends a session that has no stream. Any thread, so it writes no GOAWAY.
    private void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        connection.close();
    }

    private void read() {
        ByteBuffer in = NOTHING;
        try {
            while (!isClosed()) {
                in = more(in);
                if (!in.hasRemaining()) {
                    fail(new Ending(Failure.What.CLOSED, " closed the connection before its response was complete"));
                    return;
                }
                handle(in);
                output.flushNow();
            }
        } catch (Http2Error e) {
            output.add(out -> FrameWriter.goAway(out, 0, e.code(), e.detail()));
            output.flushNow();
            fail(new Ending(Failure.What.MALFORMED, " sent " + e.detail()));
        } catch (IOException _) {
            fail(new Ending(Failure.What.CLOSED, " closed the connection before its response was complete"));
        } catch (RuntimeException e) {
            fail(new Ending(Failure.What.BUG, ": " + e));
            throw e;
        } finally {
            connection.close();
        }
    }

    /// Reads on behind the bytes that are left. Holds a small buffer, or none, while there is no stream.
    ///
    /// @return without bytes at the end of the connection
    private ByteBuffer more(ByteBuffer left) throws IOException {
        if (!left.hasRemaining() && isIdle()) {
            return connection.awaitBytes(NOTHING, IDLE_BUFFER, UNBOUNDED).flip();
        }
        ByteBuffer in = left.capacity() < reader.bufferSize()
                ? ByteBuffer.allocate(2 * reader.bufferSize()).put(left) : left.compact();
        return connection.read(in, UNBOUNDED) < 0 ? NOTHING : in.flip();
    }

    private void handle(ByteBuffer in) throws Http2Error {
        lock.lock();
        try {
            boolean more = true;
            while (more) {
                more = reader.read(in);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isIdle() {
        lock.lock();
        try {
            return reserved == 0;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// The failure of a stream of a session that has ended. The caller holds the lock.
    ///
    /// @param nothingSent true if no byte of the request reached the peer
    Failure failure(boolean nothingSent) {
        Ending known = ending;
        return known == null ? Failure.upstream(Failure.What.CLOSED, nothingSent, address + " closed the connection")
                : Failure.upstream(nothingSent ? Failure.What.CLOSED : known.what, nothingSent, address + known.did);
    }

    private void fail(Ending how) {
        List<PeerStream> failed;
        lock.lock();
        try {
            closed = true;
            ending = ending == null ? how : ending;
            failed = numbered();
            failed.forEach(stream -> stream.fail(failure(false)));
        } finally {
            lock.unlock();
        }
        failed.forEach(PeerStream::wake);
        if (how.what == Failure.What.MALFORMED) {
            connection.close();                            // so that the peer gets the GOAWAY
        } else {
            connection.abort();
        }
    }

    /// A write failed: the state of the connection is not known any more.
    void writeFailed(IOException e) {
        fail(e instanceof TimedOut ? new Ending(Failure.What.TIMED_OUT, " did not take the request in time")
                : new Ending(Failure.What.CLOSED, " closed the connection while the request was sent"));
    }

    @Override
    public String toString() {
        return "HTTP/2 with " + address;
    }
}
