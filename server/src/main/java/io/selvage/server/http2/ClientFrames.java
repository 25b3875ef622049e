package io.selvage.server.http2;

import io.selvage.server.http1.Clock;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the frames of a client do to its streams (RFC 9113 §5, §6): they open them, bring what they receive, and end them. Used
/// by the thread of the connection.
final class ClientFrames implements FrameHandler {
    private static final FieldSink NOWHERE = (_, _, _) -> { };

    /// Answers requests.
    @FunctionalInterface
    interface Requests {

        /// Reads a header block that opens a stream. Called with the lock.
        ///
        /// @param stream new; it is among the streams afterwards
        void open(Http2Stream stream, HpackDecoder decoder, ByteBuffer block, boolean endStream) throws Http2Error;
    }

    private final ClientStreams streams;
    private final StreamTable table;
    private final OutputFrames frames;
    private final PeerSettings peer;
    private final AbuseLimits limits;
    private final ReentrantLock lock;
    private final Clock clock;
    private final int maxStreams;
    private final int streamWindow;
    private final HpackDecoder decoder;
    private final Requests requests;
    private final TrailerAssembler trailers = new TrailerAssembler();
    private boolean settingsCame;                          // the first frame has come, which is SETTINGS
    private boolean inBlock;                               // a header block is incomplete

    /// @param maxStreams that may be open at a time
    /// @param streamWindow bytes that a client may send on a stream before they are read
    /// @param maxHead bytes of a request head
    ClientFrames(ClientStreams streams, Clock clock, int maxStreams, int streamWindow, int maxHead, Requests requests) {
        this.streams = streams;
        this.table = streams.table();
        this.frames = streams.frames();
        this.peer = streams.peer();
        this.limits = streams.limits();
        this.lock = streams.lock();
        this.clock = clock;
        this.maxStreams = maxStreams;
        this.streamWindow = streamWindow;
        this.decoder = new HpackDecoder(HpackDecoder.DEFAULT_TABLE_SIZE, maxHead);
        this.requests = requests;
    }

    /// True while a part of a header block is missing.
    boolean isInBlock() {
        return inBlock;
    }

    @Override
    public void frame(int type, int flags, int stream, int length) throws Http2Error {
        if (!settingsCame && type != FrameType.SETTINGS) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "no SETTINGS first");
        }
        settingsCame = true;
        switch (type) {
            case FrameType.HEADERS, FrameType.CONTINUATION -> inBlock = (flags & FrameType.END_HEADERS) == 0;
            case FrameType.DATA, FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> { }
            default -> idleFrame();
        }
    }

    private void idleFrame() throws Http2Error {
        lock.lock();
        try {
            limits.idleFrame(clock.nanos());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void headers(int id, ByteBuffer block, boolean endStream, boolean dependsOnItself) throws Http2Error {
        lock.lock();
        try {
            Http2Stream known = table.find(id);
            if (known != null) {
                trailers(known, block, endStream);
            } else if (!table.isIdle(id) || id % 2 == 0) {
                decoder.decode(block, NOWHERE);
                wrongHeaders(id);
            } else if (streams.isRefusing()) {
                decoder.decode(block, NOWHERE);
            } else {
                table.opened(id);
                open(id, block, endStream, dependsOnItself);
            }
        } finally {
            lock.unlock();
        }
    }

    /// HEADERS on a stream that is closed, or is none of a client (RFC 9113 §5.1, §5.1.1).
    private void wrongHeaders(int id) throws Http2Error {
        if (!table.isResetHere(id)) {
            throw Http2Error.ofConnection(table.isClosed(id) ? ErrorCode.STREAM_CLOSED : ErrorCode.PROTOCOL_ERROR,
                    "HEADERS on a stream that cannot be opened");
        }
    }

    private void open(int id, ByteBuffer block, boolean endStream, boolean dependsOnItself) throws Http2Error {
        if (dependsOnItself || !table.hasRoom(maxStreams)) {
            decoder.decode(block, NOWHERE);
            limits.idleFrame(clock.nanos());
            table.remember(id, true);
            streams.control(out -> FrameWriter.reset(out, id, dependsOnItself ? ErrorCode.PROTOCOL_ERROR
                    : ErrorCode.REFUSED_STREAM));
            return;
        }
        Http2Stream stream = new Http2Stream(id, peer.initialWindowSize(), streamWindow);
        requests.open(stream, decoder, block, endStream);
    }

    private void trailers(Http2Stream stream, ByteBuffer block, boolean endStream) throws Http2Error {
        trailers.begin();
        boolean complete = decoder.decode(block, trailers);
        if (stream.isReset()) {
            if (stream.isResetByPeer()) {
                throw Http2Error.ofConnection(ErrorCode.STREAM_CLOSED, "HEADERS on a stream that was reset");
            }
            return;
        }
        if (stream.isClosed()) {
            throw Http2Error.ofConnection(ErrorCode.STREAM_CLOSED, "HEADERS on a closed stream");
        }
        try {
            if (stream.isRemoteEnded()) {
                throw Http2Error.ofStream(ErrorCode.STREAM_CLOSED, stream.id(), "HEADERS behind the end");
            }
            if (!endStream) {
                throw Http2Error.ofStream(ErrorCode.PROTOCOL_ERROR, stream.id(), "trailers without the end of the stream");
            }
            stream.endRemote(trailers.finish(stream.id(), complete));
        } catch (Http2Error e) {
            streamError(e);
        }
    }

    @Override
    public void data(int id, ByteBuffer data, int flowControlled, boolean endStream) throws Http2Error {
        lock.lock();
        try {
            streams.received(flowControlled);
            if (!data.hasRemaining() && !endStream) {
                limits.idleFrame(clock.nanos());
            }
            Http2Stream stream = table.find(id);
            if (stream == null || stream.isReset() || stream.isRemoteEnded() || stream.isMalformed()) {
                unexpectedData(id, stream);
            } else {
                receive(stream, data, flowControlled, endStream);
            }
        } finally {
            lock.unlock();
        }
    }

    private void receive(Http2Stream stream, ByteBuffer data, int counted, boolean endStream) throws Http2Error {
        int padding = counted - data.remaining();
        try {
            stream.receive(data, counted, endStream);
            if (padding > 0 && !endStream) {
                streams.widen(stream, padding);
            }
        } catch (Http2Error e) {
            if (e.code() == ErrorCode.PROTOCOL_ERROR) {
                streams.malformed(stream);
            } else {
                streamError(e);
            }
        }
    }

    /// DATA on a stream that is idle, closed, or ended by the client (RFC 9113 §5.1).
    private void unexpectedData(int id, @Nullable Http2Stream stream) throws Http2Error {
        if (stream == null && table.isIdle(id)) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "DATA on an idle stream");
        }
        boolean onItsWay = stream == null ? table.isResetHere(id) : stream.isMalformed() || stream.isReset()
                && !stream.isResetByPeer();
        if (!onItsWay) {
            streamError(Http2Error.ofStream(ErrorCode.STREAM_CLOSED, id, "DATA behind the end"));
        }
    }

    @Override
    public void reset(int id, ErrorCode code) throws Http2Error {
        Runnable gone = null;
        lock.lock();
        try {
            Http2Stream stream = table.find(id);
            if (stream == null) {
                requireKnown(id, "RST_STREAM");
                limits.idleFrame(clock.nanos());
            } else {
                gone = stream.reset(code, true);
                frames.remove(stream);
                limits.reset(clock.nanos());
            }
        } finally {
            lock.unlock();
            run(gone);
        }
    }

    private void requireKnown(int id, String frame) throws Http2Error {
        if (table.isIdle(id)) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, frame + " on an idle stream");
        }
    }

    private static void run(@Nullable Runnable gone) {
        if (gone != null) {
            gone.run();
        }
    }

    @Override
    public void setting(int id, long value) throws Http2Error {
        lock.lock();
        try {
            int before = peer.initialWindowSize();
            peer.set(id, value);
            if (id == PeerSettings.HEADER_TABLE_SIZE) {
                frames.tableSize(value);
            }
            if (peer.initialWindowSize() != before) {
                resizeWindows(peer.initialWindowSize() - before);
            }
        } finally {
            lock.unlock();
        }
    }

    private void resizeWindows(long change) throws Http2Error {
        for (Http2Stream stream : table.all()) {
            try {
                stream.sendWindow().add(change);
            } catch (Http2Error e) {
                throw Http2Error.ofConnection(e.code(), e.detail());
            }
            frames.ready(stream);
        }
    }

    @Override
    public void settingsEnd() {
        lock.lock();
        try {
            streams.control(FrameWriter::settingsAcknowledgement);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void settingsAcknowledged() {
    }

    @Override
    public void ping(long data, boolean acknowledges) {
        lock.lock();
        try {
            if (!acknowledges) {
                streams.control(out -> FrameWriter.ping(out, data, true));
            } else if (data == ClientStreams.DRAIN_PING) {
                streams.pinged();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The client opens no more streams; the others go on.
    @Override
    public void goAway(int lastStream, ErrorCode code, String debug) {
    }

    @Override
    public void windowUpdate(int id, int increment) throws Http2Error {
        lock.lock();
        try {
            limits.windowUpdate(clock.nanos(), frames.dataBytes());
            if (id == 0) {
                frames.window().add(increment);
                return;
            }
            Http2Stream stream = table.find(id);
            if (stream == null) {
                requireKnown(id, "WINDOW_UPDATE");
            } else {
                widenSending(stream, increment);
            }
        } finally {
            lock.unlock();
        }
    }

    private void widenSending(Http2Stream stream, int increment) throws Http2Error {
        try {
            stream.sendWindow().add(increment);
            frames.ready(stream);
        } catch (Http2Error e) {
            streamError(e);
        }
    }

    @Override
    public void priorityUpdate(int id, String value) {
        lock.lock();
        try {
            Http2Stream stream = table.find(id);
            if (stream != null) {
                frames.reprioritise(stream, StreamPriority.parse(value));
            } else if (table.isIdle(id)) {
                table.expect(id, StreamPriority.parse(value));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void streamError(Http2Error error) throws Http2Error {
        Runnable gone = null;
        lock.lock();
        try {
            Http2Stream stream = table.find(error.stream());
            if (stream == null && table.isIdle(error.stream())) {
                throw Http2Error.ofConnection(error.code(), error.detail());
            }
            limits.reset(clock.nanos());
            if (stream != null && !stream.isReset()) {
                gone = streams.resetHere(stream, error.code());
            } else {
                streams.control(out -> FrameWriter.reset(out, error.stream(), error.code()));
            }
        } finally {
            lock.unlock();
            run(gone);
        }
    }
}
