package io.selvage.server.http2;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/// What the frames of a peer do to a session and its streams. Guarded by the lock of the session: the thread that reads it calls
/// the methods of [FrameHandler], any thread the others.
final class PeerFrames implements FrameHandler {
    /// Frames that carry nothing for a stream: at first, and in each second.
    private static final int QUIET_FRAMES = 10_000;
    private static final int QUIET_PER_SECOND = 1_000;
    private static final int CREDIT_OF_DATA = 4;
    /// Bytes of a field beside its name and value, as in HTTP/1.
    private static final int LINE_OVERHEAD = 4;

    private final PeerSession session;
    private final int connectionWindow;
    private final FlowWindow received;                     // what the peer may still send on the connection
    private final HpackDecoder decoder;
    private final ResponseAssembler responses = new ResponseAssembler();
    private final TrailerAssembler trailers = new TrailerAssembler();
    private final Budget quiet = new Budget(QUIET_FRAMES, QUIET_PER_SECOND, System.nanoTime());
    private final Budget late = new Budget(QUIET_FRAMES, QUIET_PER_SECOND, System.nanoTime());
    private boolean greeted;                               // the settings of the peer have come
    private int lastTaken = Integer.MAX_VALUE;             // the last stream that the peer takes, as its GOAWAY says

    PeerFrames(PeerSession session, int connectionWindow, int maxList) {
        this.session = session;
        this.connectionWindow = connectionWindow;
        this.received = new FlowWindow(0, connectionWindow);
        this.decoder = new HpackDecoder(HpackDecoder.DEFAULT_TABLE_SIZE, maxList);
    }

    /// True if the peer takes no further streams.
    boolean isGoingAway() {
        return lastTaken < Integer.MAX_VALUE;
    }

    @Override
    public void frame(int type, int flags, int stream, int length) throws Http2Error {
        boolean acknowledges = (flags & FrameType.ACK) != 0;
        if (!greeted && (type != FrameType.SETTINGS || acknowledges)) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "no SETTINGS first: it does not speak HTTP/2");
        }
        greeted = true;
        if (type == FrameType.HEADERS || type == FrameType.DATA && length > 0) {
            quiet.credit(CREDIT_OF_DATA);
        } else if (!quiet.use(System.nanoTime())) {
            throw Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, "too many frames that carry nothing");
        }
        session.stream(stream).ifPresent(known -> known.countReceived(FrameReader.HEADER_SIZE));
    }

    /// DATA is sent, for which the peer will send updates of its windows.
    void dataSent() {
        quiet.credit(CREDIT_OF_DATA);
    }

    @Override
    public void data(int stream, ByteBuffer data, int flowControlled, boolean endStream) throws Http2Error {
        received.received(flowControlled);
        if (received.size() < connectionWindow / 2) {
            int more = connectionWindow - (int) received.size();
            received.add(more);
            add(out -> FrameWriter.windowUpdate(out, 0, more));
        }
        Optional<PeerStream> known = known(stream);
        if (known.isPresent()) {
            PeerStream open = known.get();
            guarded(open, () -> open.data(data, flowControlled, endStream));
        }
    }

    @Override
    public void headers(int stream, ByteBuffer block, boolean endStream, boolean dependsOnItself) throws Http2Error {
        int size = block.remaining();
        Optional<PeerStream> known = known(stream);
        boolean isTrailer = known.isPresent() && known.get().hasFinalHead();
        int[] list = {0};
        boolean complete = decode(block, isTrailer ? trailers : responses, list);
        if (known.isEmpty()) {
            return;
        }
        PeerStream open = known.get();
        open.countReceived(size);
        guarded(open, () -> {
            if (isTrailer) {
                open.trailers(trailers.finish(stream, complete), endStream);
            } else {
                boolean fits = complete && list[0] <= open.maxHead();
                open.head(responses.finish(fits), fits, endStream);
            }
        });
    }

    /// @param list gets the bytes of the fields as HTTP/1 counts them
    private boolean decode(ByteBuffer block, FieldSink sink, int[] list) throws Http2Error {
        trailers.begin();
        responses.begin();
        return decoder.decode(block, (name, value, traits) -> {
            list[0] += name.length() + value.length() + LINE_OVERHEAD;
            sink.field(name, value, traits);
        });
    }

    /// A stream that has not ended; empty for one that has, whose last frames may still come.
    private Optional<PeerStream> known(int stream) throws Http2Error {
        if (session.isIdle(stream)) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a frame for a stream that was not opened");
        }
        Optional<PeerStream> known = session.stream(stream);
        if (known.isEmpty() && !late.use(System.nanoTime())) {
            throw Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, "too many frames for streams that have ended");
        }
        return known;
    }

    /// A step of one stream.
    private interface Step {
        void run() throws Http2Error;
    }

    private void guarded(PeerStream stream, Step step) throws Http2Error {
        try {
            step.run();
        } catch (Http2Error e) {
            if (e.isOfConnection()) {
                throw e;
            }
            streamError(e);
        }
        stream.wake();
    }

    @Override
    public void streamError(Http2Error error) throws Http2Error {
        Optional<PeerStream> known = known(error.stream());
        if (known.isPresent()) {
            known.get().fail(Failure.upstream(Failure.What.MALFORMED, false, session.address() + " sent " + error.detail()));
            known.get().closedWith(error.code());
            known.get().wake();
        }
    }

    @Override
    public void reset(int stream, ErrorCode code) throws Http2Error {
        Optional<PeerStream> known = known(stream);
        if (known.isPresent()) {
            known.get().resetByPeer(code);
            known.get().wake();
        }
    }

    @Override
    public void setting(int id, long value) throws Http2Error {
        int before = session.settings().initialWindowSize();
        session.settings().set(id, value);
        int change = session.settings().initialWindowSize() - before;
        if (change != 0) {
            for (PeerStream stream : session.numbered()) {
                stream.request().window().add(change);
                stream.wake();
            }
        }
    }

    @Override
    public void settingsEnd() throws Http2Error {
        add(FrameWriter::settingsAcknowledgement);
    }

    @Override
    public void settingsAcknowledged() {
        // Nothing depends on when the peer has learned of our settings: they only allow it more than it has without.
    }

    @Override
    public void ping(long data, boolean acknowledges) throws Http2Error {
        if (!acknowledges) {
            add(out -> FrameWriter.ping(out, data, true));
        }
    }

    @Override
    public void goAway(int lastStream, ErrorCode code, String debug) throws Http2Error {
        if (lastStream > lastTaken) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "a GOAWAY that takes more streams than the one before");
        }
        lastTaken = lastStream;
        session.drain();
        for (PeerStream stream : session.numbered()) {
            if (stream.id() > lastStream) {
                stream.fail(Failure.upstream(Failure.What.CLOSED, true, session.address()
                        + " closed the connection without processing the request (GOAWAY " + code + ")"));
                stream.wake();
            }
        }
    }

    @Override
    public void windowUpdate(int stream, int increment) throws Http2Error {
        if (stream == 0) {
            session.window().add(increment);
            session.numbered().forEach(PeerStream::wake);
            return;
        }
        Optional<PeerStream> known = known(stream);
        if (known.isPresent()) {
            PeerStream open = known.get();
            guarded(open, () -> open.request().window().add(increment));
        }
    }

    private void add(Consumer<ByteBuffer> frame) throws Http2Error {
        if (!session.output().add(frame)) {
            throw Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, "frames that ask for answers, and reads none");
        }
    }
}
