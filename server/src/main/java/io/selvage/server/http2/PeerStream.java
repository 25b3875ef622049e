package io.selvage.server.http2;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One request to a peer and its response, on a stream of a [PeerSession]: how it begins, fails and ends. One thread sends the
/// [#request] while another receives the [#response]; [#abort] comes from any thread. [#end] comes once, at the end.
///
/// Every [Failure] is of the upstream side. `CLOSED` with nothing sent means that the peer has not processed the request: the
/// session had ended, the peer refused the stream, or its GOAWAY excludes it.
public final class PeerStream {
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
    private final ReceivedResponse received;
    private final PeerRequest request;
    private final PeerResponse response;

    // Guarded by the lock of the session.
    private int id;                                        // 0 until the request is sent
    private @Nullable Failure failure;
    private @Nullable ErrorCode resetCode;                 // with which the stream is to be reset
    private boolean reset;                                 // by the peer, or the whole connection is gone
    private long bytesReceived;

    private volatile boolean aborted;

    PeerStream(PeerSession session, Limits limits) {
        this.session = session;
        this.limits = limits;
        this.received = new ReceivedResponse(limits.method);
        this.request = new PeerRequest(session, this, received, limits.send);
        this.response = new PeerResponse(session, this, received, limits.read);
    }

    /// The way to the peer.
    public PeerRequest request() {
        return request;
    }

    /// What the peer answers.
    public PeerResponse response() {
        return response;
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
            boolean open = id > 0 && !reset && !hasEnded();
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
    void park(long nanos, String otherwise) throws Failure {
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
        response.wake();
        request.wake();
    }

    // What follows is called with the lock of the session.

    int id() {
        return id;
    }

    /// Gives the stream its number: its request is sent next.
    ///
    /// @throws Failure if the session takes no further request
    int number() throws Failure {
        id = session.number(this);
        if (id == 0) {
            throw session.failure(true);
        }
        return id;
    }

    int maxHead() {
        return limits.maxHead;
    }

    boolean hasFinalHead() {
        return received.hasFinalHead();
    }

    boolean hasFailed() {
        return failure != null;
    }

    void throwFailure() throws Failure {
        if (failure != null) {
            throw failure;
        }
    }

    /// True if it was reset, so that the peer takes and sends nothing more.
    boolean isReset() {
        return reset;
    }

    /// True if both sides have ended.
    private boolean hasEnded() {
        return request.hasEnded() && received.hasEnded();
    }

    void countReceived(int bytes) {
        bytesReceived += bytes;
    }

    void fail(Failure why) {
        if (failure == null && !hasEnded()) {
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
        if (received.hasEnded()) {
            request.markEnded();
            return;
        }
        boolean refused = code == ErrorCode.REFUSED_STREAM;
        if (refused) {
            bytesReceived = 0;
        }
        failure = Failure.upstream(refused ? Failure.What.CLOSED : Failure.What.MALFORMED, refused,
                session.address() + (refused ? " refused the stream" : " reset the stream with " + code));
    }

    // What comes behind a failure is ignored: the peer has not heard of it yet.

    void head(AssembledResponse head, boolean fits, boolean endStream) throws Http2Error {
        if (failure != null) {
            return;
        }
        if (!fits && !received.hasEnded() && head instanceof AssembledResponse.Malformed(String reason)) {
            failure = Failure.upstream(Failure.What.TOO_LARGE, false, session.address() + " sent " + reason);
        }
        received.head(id, head, endStream);
    }

    void data(ByteBuffer bytes, int flowControlled, boolean endStream) throws Http2Error {
        if (failure == null) {
            countReceived(flowControlled);
            received.data(id, bytes, flowControlled, endStream);
        }
    }

    void trailers(Headers fields, boolean endStream) throws Http2Error {
        if (failure == null) {
            received.trailers(id, fields, endStream);
        }
    }
}
