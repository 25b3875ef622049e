package io.selvage.server.http2;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http1.Clock;
import io.selvage.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The streams of a client's connection, and what goes out for them. Their own threads use it as well as the thread of the
/// connection; the lock guards all of it.
final class ClientStreams {
    /// The window of the connection delays no stream: the windows of the streams bound what is held of bodies.
    private static final int CONNECTION_WINDOW = Integer.MAX_VALUE;
    private static final int CONTROL_FRAME = 17;
    /// The data of the PING behind the announcement of the end.
    static final long DRAIN_PING = 0x73656c76616765L;

    /// Hears when nothing is left to do.
    interface Observer {

        /// No stream is left. Called with the lock.
        ///
        /// @param minIdle time from now in which the connection is not closed, as the last request has it
        void idle(Duration minIdle);

        /// The client has seen the announcement of the end. Called with the lock.
        void pinged();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition noStream = lock.newCondition();
    private final StreamTable table = new StreamTable();
    private final PeerSettings peer = new PeerSettings();
    private final OutputFrames frames = new OutputFrames(peer);
    private final FlowWindow receiveWindow = new FlowWindow(0, FlowWindow.DEFAULT_SIZE);
    private final Clock clock;
    private final AbuseLimits limits;
    private final ConnectionOutput output;
    private final Observer observer;
    private boolean refusing;                              // streams that open from now on are ignored

    /// @param patience of a write without progress
    ClientStreams(Connection connection, Clock clock, Duration patience, Observer observer) {
        this.clock = clock;
        this.limits = new AbuseLimits(clock.nanos());
        this.output = new ConnectionOutput(connection, lock, clock, frames, patience);
        this.observer = observer;
    }

    ReentrantLock lock() {
        return lock;
    }

    ConnectionOutput output() {
        return output;
    }

    StreamTable table() {
        return table;
    }

    OutputFrames frames() {
        return frames;
    }

    PeerSettings peer() {
        return peer;
    }

    AbuseLimits limits() {
        return limits;
    }

    /// True if no stream is answered. With the lock.
    boolean isIdle() {
        return table.isEmpty();
    }

    /// Sends our settings, which come first. Thread of the connection.
    ///
    /// @param options of the listener
    /// @param maxHead bytes of a request head
    void begin(ClientOptions options, int maxHead) throws IOException {
        lock.lock();
        try {
            FrameWriter.settings(frames.control(FrameReader.HEADER_SIZE + 6 * 6),
                    PeerSettings.MAX_CONCURRENT_STREAMS, options.http2().streams(),
                    PeerSettings.INITIAL_WINDOW_SIZE, options.http2().window(),
                    PeerSettings.MAX_FRAME_SIZE, options.maxFrameSize(),
                    PeerSettings.MAX_HEADER_LIST_SIZE, maxHead,
                    PeerSettings.ENABLE_CONNECT_PROTOCOL, 1,
                    PeerSettings.NO_RFC7540_PRIORITIES, 1);
            widen();
        } catch (Http2Error e) {
            throw new IllegalStateException(e);
        } finally {
            lock.unlock();
        }
    }

    private void widen() throws Http2Error {
        int more = (int) (CONNECTION_WINDOW - receiveWindow.size());
        receiveWindow.add(more);
        control(out -> FrameWriter.windowUpdate(out, 0, more));
    }

    /// Counts bytes of DATA that came, padding included. With the lock.
    void received(int bytes) throws Http2Error {
        receiveWindow.received(bytes);
        if (receiveWindow.size() < CONNECTION_WINDOW / 2) {
            widen();
        }
    }

    /// Adds a frame of at most 17 bytes that goes before all others. With the lock.
    void control(Consumer<ByteBuffer> frame) {
        try {
            frame.accept(frames.control(CONTROL_FRAME));
        } catch (IOException e) {
            output.fail(e);
        }
    }

    /// Resets a stream. With the lock.
    ///
    /// @return what watches for its end, which the caller runs without the lock
    @Nullable Runnable resetHere(Http2Stream stream, ErrorCode code) {
        if (!stream.isReset()) {
            control(out -> FrameWriter.reset(out, stream.id(), code));
        }
        frames.remove(stream);
        return stream.reset(code, false);
    }

    /// The request of a stream is malformed. With the lock.
    void malformed(Http2Stream stream) throws Http2Error {
        limits.reset(clock.nanos());
        stream.fail();
    }

    /// The client has answered a PING of [#announceEnd]. With the lock.
    void pinged() {
        observer.pinged();
    }

    /// A request has opened a stream. With the lock.
    void add(Http2Stream stream) {
        table.add(stream);
    }

    /// Refuses a stream of a connection that is being closed: the client may send the request again elsewhere (RFC 9113 §8.7).
    /// With the lock.
    void turnAway(Http2Stream stream, HpackDecoder decoder, ByteBuffer block) throws Http2Error {
        decoder.decode(block, (_, _, _) -> { });
        table.remember(stream.id(), true);
        control(out -> FrameWriter.reset(out, stream.id(), ErrorCode.REFUSED_STREAM));
        output.flush();
    }

    /// Sets the priority of a stream that was not prioritised before. With the lock.
    void prioritise(Http2Stream stream, StreamPriority priority) {
        if (stream.priority() == StreamPriority.DEFAULT) {
            frames.reprioritise(stream, priority);
        }
    }

    /// Lets the client send more on a stream. With the lock.
    void widen(Http2Stream stream, int bytes) {
        try {
            stream.receiveWindow().add(bytes);
            control(out -> FrameWriter.windowUpdate(out, stream.id(), bytes));
            output.flush();
        } catch (Http2Error e) {
            throw new IllegalStateException(e);
        }
    }

    /// Resets a stream unless it is closed.
    void resetUnlessClosed(Http2Stream stream, ErrorCode code) {
        Runnable gone = null;
        lock.lock();
        try {
            if (!stream.isClosed()) {
                gone = resetHere(stream, code);
                output.flush();
            }
        } finally {
            lock.unlock();
            run(gone);
        }
    }

    private static void run(@Nullable Runnable gone) {
        if (gone != null) {
            gone.run();
        }
    }

    /// The thread of a stream ends.
    ///
    /// @param answered whether the client got all of an answer
    /// @param sender of its answer
    void end(Http2Stream stream, boolean answered, StreamSender sender) {
        lock.lock();
        try {
            if (stream.isMalformed()) {
                resetHere(stream, ErrorCode.PROTOCOL_ERROR);
            } else if (!stream.isClosed()) {
                resetHere(stream, stream.isLocalEnded() ? ErrorCode.NO_ERROR : sender.unfinished());
            }
            table.remove(stream);
            if (answered) {
                limits.answered();
            }
            if (table.isEmpty()) {
                observer.idle(sender.minIdle());
                noStream.signalAll();
            }
            output.flush();
        } finally {
            lock.unlock();
        }
    }

    // The end of the connection.

    /// Announces the end: the client hears that it should open no more streams, and then which ones will be answered.
    void announceEnd() {
        control(out -> FrameWriter.goAway(out, Integer.MAX_VALUE, ErrorCode.NO_ERROR, ""));
        control(out -> FrameWriter.ping(out, DRAIN_PING, false));
        output.flush();
    }

    /// Streams that open from now on are ignored; the client hears which ones are answered. With the lock.
    void refuse(ErrorCode code, String debug) {
        refusing = true;
        try {
            FrameWriter.goAway(frames.control(CONTROL_FRAME + debug.length()), table.highest(), code, debug);
        } catch (IOException e) {
            output.fail(e);
        }
        output.flush();
    }

    boolean isRefusing() {
        return refusing;
    }

    /// Ends all streams, because the connection does.
    void abort() {
        List<Runnable> gone = new ArrayList<>();
        lock.lock();
        try {
            for (Http2Stream stream : table.all()) {
                frames.remove(stream);
                Runnable watching = stream.reset(ErrorCode.CANCEL, true);
                if (watching != null) {
                    gone.add(watching);
                }
            }
        } finally {
            lock.unlock();
            gone.forEach(Runnable::run);
        }
    }

    /// Waits for the threads of all streams.
    void awaitEnd() {
        lock.lock();
        try {
            while (!table.isEmpty()) {
                noStream.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
