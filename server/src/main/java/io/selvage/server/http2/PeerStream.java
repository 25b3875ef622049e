package io.selvage.server.http2;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One request to a peer and its response, on a stream of a [PeerSession]. One thread sends while another receives; [#abort]
/// comes from any thread. [#end] comes once, at the end.
///
/// Every [Failure] is of the upstream side. `CLOSED` with nothing sent means that the peer has not processed the request: the
/// session had ended, the peer refused the stream, or its GOAWAY excludes it.
public final class PeerStream {
    /// The bytes of a response that the peer may send before they are read.
    static final int WINDOW = 128 * 1024;

    private static final int MOST_INTERIM = 64;
    private static final int WAIT = -2;
    private static final int MOST_AT_ONCE = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// Bounds of a call.
    ///
    /// @param method of the request; the response to HEAD has no body
    /// @param send the longest wait for the peer to take something
    /// @param read the longest wait for something from the peer, once it has the request
    /// @param maxHead the most bytes of a head, counted as in HTTP/1
    public record Limits(Method method, Duration send, Duration read, int maxHead) {
    }

    private final PeerSession session;
    private final Limits limits;
    private final ResponseBody body = new ResponseBody();

    // Guarded by the lock of the session, as far as they are not final.
    private int id;                                        // 0 until the request is sent
    private boolean localEnded;                            // the end of the request was sent
    private long localEndedNanos;
    private boolean remoteEnded;
    private @Nullable Failure failure;
    private @Nullable ErrorCode resetCode;                 // with which the stream is to be reset
    private boolean reset;                                 // by the peer, or the whole connection is gone
    private final ArrayDeque<ResponseHead> heads = new ArrayDeque<>(1);
    private int interims;
    private boolean finalHead;
    private long contentLength = -1;
    private DeclaredLength declared = new DeclaredLength(0, -1);
    private Headers trailers = Headers.EMPTY;
    private final ReceiveBuffer received = new ReceiveBuffer();
    private final FlowWindow receiving = new FlowWindow(0, WINDOW);
    private FlowWindow sending = new FlowWindow(0, 0);
    private int unannounced;                               // bytes that were read, of which the peer does not know
    private long bytesReceived;
    private long bodyReceived;

    private volatile long bytesSent;                       // written by the sending thread
    private volatile boolean aborted;
    private volatile @Nullable Thread receiver;            // while it waits
    private volatile @Nullable Thread sender;

    PeerStream(PeerSession session, Limits limits) {
        this.session = session;
        this.limits = limits;
    }

    /// Sends the head, and as much of the body as the peer takes now in the same write; then the rest.
    ///
    /// @param block the encoded fields
    /// @param last true if nothing follows these bytes
    public void sendHead(ByteBuffer block, ByteBuffer bytes, boolean last) throws Failure {
        try {
            bytesSent = bytesSent + session.output().write(limits.send, () -> headFrames(block, bytes, last));
        } catch (IOException e) {
            throw writeFailed(e);
        }
        if (bytes.hasRemaining()) {
            send(bytes, last);
        }
    }

    private ByteBuffer[] headFrames(ByteBuffer block, ByteBuffer bytes, boolean last) throws Failure {
        session.lock.lock();
        try {
            id = session.number(this);
            if (id == 0) {
                throw session.failure(true);
            }
            sending = new FlowWindow(id, session.settings().initialWindowSize());
            List<ByteBuffer> frames = new ArrayList<>(4);
            frames.add(fieldFrames(block, last && !bytes.hasRemaining()));
            int count = reserve(bytes.remaining());
            if (count > 0) {
                addData(frames, bytes, count, last);
            }
            ended(last && !bytes.hasRemaining());
            return frames.toArray(ByteBuffer[]::new);
        } finally {
            session.lock.unlock();
        }
    }

    /// A HEADERS frame, and CONTINUATION frames where the block needs them; of the size that every peer accepts.
    private ByteBuffer fieldFrames(ByteBuffer block, boolean last) {
        int maxFrame = PeerSettings.SMALLEST_MAX_FRAME_SIZE;
        ByteBuffer frames = ByteBuffer.allocate(FrameReader.HEADER_SIZE + block.remaining()
                + FrameWriter.continuationBound(block.remaining(), maxFrame));
        int start = FrameWriter.beginHeaders(frames);
        FrameWriter.endHeaders(frames.put(block), start, id, last, maxFrame);
        return frames.flip();
    }

    /// Sends bytes of the body. Waits while the peer takes none. Does nothing where the peer wants no more of it, because it has
    /// responded.
    ///
    /// @param last true if nothing follows; may then have no bytes
    public void send(ByteBuffer bytes, boolean last) throws Failure {
        if (!bytes.hasRemaining() && !last) {
            return;
        }
        do {
            int count = awaitWindow(bytes.remaining());
            if (count < 0) {
                bytes.position(bytes.limit());
                return;
            }
            write(() -> {
                List<ByteBuffer> frames = new ArrayList<>(4);
                addData(frames, bytes, count, last);
                return frames;
            });
        } while (bytes.hasRemaining());
        endLocal(last);
    }

    /// Ends the request with a trailer section.
    ///
    /// @param block the encoded fields
    public void sendTrailers(ByteBuffer block) throws Failure {
        if (awaitWindow(0) < 0) {
            return;
        }
        write(() -> List.of(fieldFrames(block, true)));
        endLocal(true);
    }

    /// Makes frames of this stream.
    private interface Frames {
        List<ByteBuffer> make();
    }

    private void write(Frames frames) throws Failure {
        try {
            bytesSent = bytesSent + session.output().<RuntimeException>write(limits.send,
                    () -> frames.make().toArray(ByteBuffer[]::new));
        } catch (IOException e) {
            throw writeFailed(e);
        }
    }

    private void addData(List<ByteBuffer> frames, ByteBuffer bytes, int count, boolean last) {
        int maxFrame = session.settings().maxFrameSize();
        int left = count;
        do {
            int size = Math.min(left, maxFrame);
            left -= size;
            boolean end = last && left == 0 && bytes.remaining() == size;
            ByteBuffer header = ByteBuffer.allocate(FrameReader.HEADER_SIZE);
            FrameWriter.data(header, id, size, end);
            frames.add(header.flip());
            frames.add(bytes.slice(bytes.position(), size));
            bytes.position(bytes.position() + size);
        } while (left > 0);
    }

    /// Takes room from both windows. The caller holds the lock.
    private int reserve(int wanted) {
        int count = session.reserve(Math.clamp(sending.size(), 0, Math.min(wanted, MOST_AT_ONCE)));
        sending.sent(count);
        return count;
    }

    /// Waits until the peer takes bytes.
    ///
    /// @param wanted how many there are; for none this does not wait
    /// @return how many may be sent now, or -1 if the peer wants none because it has responded
    private int awaitWindow(int wanted) throws Failure {
        long until = System.nanoTime() + limits.send.toNanos();
        sender = Thread.currentThread();
        try {
            int count = tryReserve(wanted);
            while (count == WAIT) {
                park(until - System.nanoTime(), " did not take the request in time");
                count = tryReserve(wanted);
            }
            return count;
        } finally {
            sender = null;
        }
    }

    private int tryReserve(int wanted) throws Failure {
        session.lock.lock();
        try {
            if (reset || failure != null) {
                return stopped();
            }
            int count = reserve(wanted);
            return count > 0 || wanted == 0 ? count : remoteEnded ? -1 : WAIT;
        } finally {
            session.lock.unlock();
        }
    }

    private int stopped() throws Failure {
        if (failure != null) {
            throw failure;
        }
        return -1;
    }

    private void endLocal(boolean last) {
        session.lock.lock();
        try {
            ended(last);
        } finally {
            session.lock.unlock();
        }
        if (last) {
            wakeReceiver();
        }
    }

    private void ended(boolean last) {
        if (last) {
            localEnded = true;
            localEndedNanos = System.nanoTime();
        }
    }

    private Failure writeFailed(IOException e) {
        session.writeFailed(e);
        session.lock.lock();
        try {
            return session.failure(false);
        } finally {
            session.lock.unlock();
        }
    }

    /// True if a final head has come, or none will: [#awaitHead] does not wait.
    public boolean hasResponseNow() {
        session.lock.lock();
        try {
            return finalHead || failure != null;
        } finally {
            session.lock.unlock();
        }
    }

    /// Waits for the next head. The time counts from the end of the request.
    public ResponseHead awaitHead() throws Failure {
        long began = System.nanoTime();
        receiver = Thread.currentThread();
        try {
            while (!hasHeadNow()) {
                park(leftFrom(began), " did not respond in time");
            }
        } finally {
            receiver = null;
        }
        session.lock.lock();
        try {
            return heads.removeFirst();
        } finally {
            session.lock.unlock();
        }
    }

    private boolean hasHeadNow() throws Failure {
        session.lock.lock();
        try {
            if (heads.isEmpty() && failure != null) {
                throw failure;
            }
            return !heads.isEmpty();
        } finally {
            session.lock.unlock();
        }
    }

    private long leftFrom(long began) {
        session.lock.lock();
        try {
            long now = System.nanoTime();
            return limits.read.toNanos() - (localEnded ? now - Math.max(began, localEndedNanos) : 0);
        } finally {
            session.lock.unlock();
        }
    }

    /// The body of the response, behind its final head.
    public BodySource body() {
        return body;
    }

    /// Waits for the first bytes of the body, or its end.
    public void awaitBody() throws Failure {
        body.await();
    }

    /// True if all of the response has come and was read.
    public boolean isComplete() {
        session.lock.lock();
        try {
            return remoteEnded && received.size() == 0;
        } finally {
            session.lock.unlock();
        }
    }

    public long bytesSent() {
        return bytesSent;
    }

    /// Bytes of frames of this stream.
    public long bytesReceived() {
        session.lock.lock();
        try {
            return bytesReceived;
        } finally {
            session.lock.unlock();
        }
    }

    /// Bytes of the body that were read.
    public long bodyReceived() {
        session.lock.lock();
        try {
            return bodyReceived;
        } finally {
            session.lock.unlock();
        }
    }

    /// Ends every wait. Any thread; does not wait.
    public void abort() {
        aborted = true;
        wake();
    }

    /// Ends the call: a stream that has not ended is reset.
    public void end() {
        ErrorCode code = null;
        session.lock.lock();
        try {
            boolean open = id > 0 && !reset && !(localEnded && remoteEnded);
            code = resetCode != null ? resetCode : open ? ErrorCode.CANCEL : null;
            reset = true;
            received.clear();
            if (failure == null) {
                failure = Failure.upstream(Failure.What.CLOSED, false, "the call has ended");
            }
        } finally {
            session.lock.unlock();
        }
        if (code != null) {
            ErrorCode sent = code;
            session.output().add(out -> FrameWriter.reset(out, id, sent));
            session.output().flush();
        }
        wake();
        session.ended(this);
    }

    /// Parks the calling thread, which looks at the state again afterwards.
    private void park(long nanos, String otherwise) throws Failure {
        if (aborted) {
            throw Failure.upstream(Failure.What.CLOSED, false, "the call was aborted");
        }
        if (nanos <= 0) {
            throw Failure.upstream(Failure.What.TIMED_OUT, false, session.address() + otherwise);
        }
        LockSupport.parkNanos(this, nanos);
        Thread.interrupted();                              // an interrupted thread would not park again
    }

    /// Has the waiting threads look at the state again.
    void wake() {
        wakeReceiver();
        Thread sending = sender;
        if (sending != null) {
            LockSupport.unpark(sending);
        }
    }

    private void wakeReceiver() {
        Thread receiving = receiver;
        if (receiving != null) {
            LockSupport.unpark(receiving);
        }
    }

    // What follows is called with the lock of the session.

    int id() {
        return id;
    }

    int maxHead() {
        return limits.maxHead;
    }

    boolean hasFinalHead() {
        return finalHead;
    }

    /// The window for DATA to the peer.
    FlowWindow window() {
        return sending;
    }

    void countReceived(int bytes) {
        bytesReceived += bytes;
    }

    void fail(Failure why) {
        if (failure == null && !(remoteEnded && localEnded)) {
            failure = why;
        }
        reset |= why.what() == Failure.What.CLOSED;
    }

    /// Notes with which error the stream is to be reset.
    void closedWith(ErrorCode code) {
        resetCode = code;
    }

    /// A peer that has responded in full may reset the stream because it does not want the rest of the request (RFC 9113 §8.1).
    void resetByPeer(ErrorCode code) {
        reset = true;
        if (remoteEnded) {
            localEnded = true;
            return;
        }
        boolean refused = code == ErrorCode.REFUSED_STREAM;
        if (refused) {
            bytesReceived = 0;
        }
        failure = Failure.upstream(refused ? Failure.What.CLOSED : Failure.What.MALFORMED, refused,
                session.address() + (refused ? " refused the stream" : " reset the stream with " + code));
    }

    void head(AssembledResponse response, boolean fits, boolean endStream) throws Http2Error {
        if (failure != null) {
            return;
        }
        if (remoteEnded) {
            throw error("a head behind the end of a response");
        }
        switch (response) {
            case AssembledResponse.Malformed(String reason) -> throw malformed(reason, fits);
            case AssembledResponse.Valid(ResponseHead head, long length) -> {
                boolean interim = head.status().isInterim();
                if (interim && (endStream || ++interims > MOST_INTERIM)) {
                    throw error(endStream ? "an interim response at the end" : "more than " + MOST_INTERIM
                            + " interim responses");
                }
                if (!interim) {
                    begin(head, length, endStream);
                }
                heads.add(head);
            }
        }
    }

    private Http2Error malformed(String reason, boolean fits) {
        if (!fits) {
            failure = Failure.upstream(Failure.What.TOO_LARGE, false, session.address() + " sent " + reason);
        }
        return error(reason);
    }

    private void begin(ResponseHead head, long length, boolean endStream) throws Http2Error {
        finalHead = true;
        boolean bodiless = limits.method.equals(Method.HEAD) || head.status().isBodiless();
        contentLength = bodiless || endStream ? 0 : length;
        declared = new DeclaredLength(id, bodiless ? 0 : length);
        if (endStream) {
            declared.received(0, true);
            remoteEnded = true;
        }
    }

    void data(ByteBuffer bytes, int flowControlled, boolean endStream) throws Http2Error {
        if (failure != null) {
            return;                                        // what comes until the peer has heard of it
        }
        if (remoteEnded || !finalHead) {
            throw error(remoteEnded ? "DATA behind the end of a response" : "DATA before a head");
        }
        if (flowControlled > receiving.size()) {
            throw Http2Error.ofStream(ErrorCode.FLOW_CONTROL_ERROR, id, "more DATA than the window allows");
        }
        receiving.received(flowControlled);
        countReceived(flowControlled);
        unannounced += flowControlled - bytes.remaining();
        declared.received(bytes.remaining(), endStream);
        received.put(bytes);
        remoteEnded = endStream;
    }

    void trailers(Headers fields, boolean endStream) throws Http2Error {
        if (failure != null) {
            return;
        }
        if (remoteEnded || !endStream) {
            throw error(remoteEnded ? "a head behind the end of a response" : "a trailer section that is not the end");
        }
        declared.received(0, true);
        trailers = fields;
        remoteEnded = true;
    }

    private Http2Error error(String detail) {
        return Http2Error.ofStream(ErrorCode.PROTOCOL_ERROR, id, detail);
    }

    /// The body of the response.
    private final class ResponseBody implements BodySource {

        @Override
        public int read(ByteBuffer into) throws Failure {
            if (!into.hasRemaining()) {
                return 0;
            }
            await();
            return readNow(into);
        }

        @Override
        public int readNow(ByteBuffer into) throws Failure {
            int count;
            int more;
            session.lock.lock();
            try {
                count = received.take(into);
                bodyReceived += count;
                more = announce(count);
                if (count == 0 && failure != null) {
                    throw failure;
                }
                if (count == 0 && remoteEnded) {
                    return -1;
                }
            } finally {
                session.lock.unlock();
            }
            if (more > 0) {
                session.output().add(out -> FrameWriter.windowUpdate(out, id, more));
                session.output().flush();
            }
            return count;
        }

        /// Waits for something to read.
        private void await() throws Failure {
            long until = System.nanoTime() + limits.read.toNanos();
            receiver = Thread.currentThread();
            try {
                while (!hasMoreNow()) {
                    park(until - System.nanoTime(), " sent nothing more in time");
                }
            } finally {
                receiver = null;
            }
        }

        /// Counts bytes that were read; the peer hears of them when they are half of the window. The caller holds the lock.
        ///
        /// @return how many the peer is to hear of now
        private int announce(int count) {
            unannounced += count;
            if (unannounced < WINDOW / 2 || remoteEnded || reset) {
                return 0;
            }
            int more = unannounced;
            unannounced = 0;
            receiving.sent(-more);                     // room again
            return more;
        }

        @Override
        public boolean hasMoreNow() {
            session.lock.lock();
            try {
                return received.size() > 0 || remoteEnded || failure != null;
            } finally {
                session.lock.unlock();
            }
        }

        @Override
        public OptionalLong length() {
            session.lock.lock();
            try {
                return contentLength < 0 ? OptionalLong.empty() : OptionalLong.of(contentLength);
            } finally {
                session.lock.unlock();
            }
        }

        @Override
        public Headers trailers() {
            session.lock.lock();
            try {
                return trailers;
            } finally {
                session.lock.unlock();
            }
        }
    }
}
