package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request to a peer and its answer: [#sendHead], then the body, [#endBody], [#awaitHead], perhaps [#awaitBody], [#body].
///
/// One thread may call the `send` and `end` methods while another calls the others: peers may answer early. Every [Failure] that
/// begins here is of the upstream side and leaves the connection of no further use.
public final class Http1Call {
    private static final int MAX_INTERIM = 64;
    private static final int USUAL_WINDOW = HeadBufferPool.SIZE;
    private static final byte[] CRLF = {'\r', '\n'};

    /// Takes interim answers on their way.
    @FunctionalInterface
    public interface Interim {
        void accept(ResponseHead head) throws Failure;
    }

    private final PeerConnection peer;
    private final Clock clock;
    private final Duration sendTimeout;
    private final Duration readTimeout;
    private final FieldRules rules;
    private final long receivedBefore;

    private boolean upgradeAllowed;
    private boolean statusLineNeeded = true;
    private volatile boolean requestComplete;          // set by the sending thread
    private volatile long bytesSent;                   // written by the sending thread only
    private boolean keepAlive;
    private @Nullable FramedBody body;                 // once the head is there

    /// @param sendTimeout the longest wait between two writes
    /// @param readTimeout the longest wait for an answer to begin, for the rest of its head, and between two reads of its body
    /// @param maxHeadBytes of an answer's head, status line included
    public Http1Call(PeerConnection peer, Duration sendTimeout, Duration readTimeout, int maxHeadBytes) {
        this(peer, sendTimeout, readTimeout, maxHeadBytes, Clock.SYSTEM);
    }

    Http1Call(PeerConnection peer, Duration sendTimeout, Duration readTimeout, int maxHeadBytes, Clock clock) {
        this.peer = peer;
        this.clock = clock;
        this.sendTimeout = sendTimeout;
        this.readTimeout = readTimeout;
        this.rules = FieldRules.ofPeer(maxHeadBytes);
        this.receivedBefore = peer.input().received();
        peer.began();
    }

    /// Lets [#awaitHead] return a 101; else a peer that sends one is at fault.
    public void allowUpgrade() {
        upgradeAllowed = true;
    }

    /// Takes an answer that begins with its fields, as CGI does; else a peer that sends one is at fault.
    public void allowMissingStatusLine() {
        statusLineNeeded = false;
    }

    /// Sends the head, and what is already there of the body, in one write.
    ///
    /// @throws Failure that knows whether nothing was sent: then not a byte was taken from us
    public void sendHead(ByteBuffer... headAndBody) throws Failure {
        send(headAndBody);
    }

    /// Sends a part of a body whose length the head has told.
    public void sendBody(ByteBuffer bytes) throws Failure {
        send(bytes);
    }

    /// Sends a part of a chunked body; nothing for no bytes, which would end it.
    public void sendChunk(ByteBuffer bytes) throws Failure {
        if (bytes.hasRemaining()) {
            byte[] size = (Integer.toHexString(bytes.remaining()) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            send(ByteBuffer.wrap(size), bytes, ByteBuffer.wrap(CRLF));
        }
    }

    /// Says that the request is complete. To be called also where there was no body.
    public void endBody() {
        requestComplete = true;
    }

    /// Ends a chunked body, and with it the request.
    public void endBody(Headers trailers) throws Failure {
        send(new HeadBytes().text("0").endOfLine().fields(trailers).done());
        requestComplete = true;
    }

    /// Whether [#awaitHead] would find bytes, or the end, without waiting: the peer has answered early or gone.
    public boolean hasAnswerNow() {
        try {
            return !peer.input().isEmpty() || peer.input().fillNow(USUAL_WINDOW) != 0;
        } catch (IOException _) {
            return true;
        }
    }

    /// Waits for the head of the final answer.
    ///
    /// @param requestMethod what was asked; the framing of the answer depends on it
    /// @param interim gets each interim answer before it; at most 64 may come
    public ResponseHead awaitHead(Method requestMethod, Interim interim) throws Failure {
        for (int count = 0; count <= MAX_INTERIM; count++) {
            PeerHead answer = nextHead();
            ResponseHead head = answer.head();
            boolean isUpgrade = head.status().code() == Status.SWITCHING_PROTOCOLS.code();
            if (isUpgrade && !upgradeAllowed) {
                throw malformed("switched protocols without being asked to");
            }
            if (isUpgrade || !head.status().isInterim()) {
                begin(requestMethod, answer);
                return head;
            }
            interim.accept(head);
        }
        throw malformed("sent too many interim answers");
    }

    /// Waits for the first bytes of a body whose length the head has told. Does nothing for any other, which may be long silent.
    public void awaitBody() throws Failure {
        known().awaitSome();
    }

    /// The body of the answer; its end is the one that the head has told.
    public BodySource body() {
        return known();
    }

    private FramedBody known() {
        if (body == null) {
            throw new IllegalStateException("there is no head yet");
        }
        return body;
    }

    /// Bytes of the answer's body until now, without framing.
    public long bodyReceived() {
        return body == null ? 0 : body.taken();
    }

    /// Whether all of the answer's body was read.
    public boolean bodyEnded() {
        return body != null && body.ended();
    }

    /// Whether the connection may be used for another call: both messages are complete, nothing came behind the answer,
    /// and neither side said `close`. To be asked once, at the end.
    public boolean reusable() {
        boolean reusable = keepAlive && requestComplete && body != null && body.ended() && peer.input().isEmpty();
        if (reusable) {
            peer.ended();
        }
        return reusable;
    }

    /// The connection after a 101; what was read ahead comes first when it is read.
    public Connection upgraded() {
        peer.input().unread();
        return peer.connection();
    }

    public long bytesSent() {
        return bytesSent;
    }

    /// Bytes received in this call, heads and framing included.
    public long bytesReceived() {
        return peer.input().received() - receivedBefore;
    }

    private void begin(Method requestMethod, PeerHead answer) throws Failure {
        ResponseHead head = answer.head();
        Framing framing = Framing.ofResponse(requestMethod, answer.version(), head);
        if (framing instanceof Framing.Refused(Refusal why)) {
            throw malformed("sent an answer that cannot be framed: " + why.reason());
        }
        boolean silentBody = framing instanceof Framing.None && head.status().code() != 304
                && !requestMethod.equals(Method.HEAD) && tellsOfBody(head.headers());
        boolean last = silentBody || framing instanceof Framing.UntilClose || head.status().isInterim();
        keepAlive = !last && Persistence.of(answer.version(), head.headers());
        body = new FramedBody(peer.input(), framing, Failure.Where.UPSTREAM, rules, () -> readTimeout, () -> requestComplete);
    }

    /// Whether a head that allows no body promises one all the same (RFC 9112 §6.3): the next bytes cannot be trusted then.
    private static boolean tellsOfBody(Headers headers) {
        return headers.contains("Transfer-Encoding") || !headers.first("Content-Length").orElse("0").equals("0");
    }

    private PeerHead nextHead() throws Failure {
        Input input = peer.input();
        if (input.isEmpty()) {
            fillHead(readTimeout.toNanos());
        }
        ResponseHeadParser parser = new ResponseHeadParser(rules, statusLineNeeded);
        long deadline = 0;
        for (boolean first = true;; first = false) {
            switch (parser.parse(input.window(), input.from(), input.to())) {
                case Parsed.Head(PeerHead head, int used) -> {
                    input.skip(used);
                    return head;
                }
                case Parsed.NeedMore(int used) -> input.skip(used);
                case Parsed.Refused(Refusal(Status status, String reason)) -> {
                    boolean tooLarge = status.code() == Status.HEADER_FIELDS_TOO_LARGE.code();
                    throw Failure.upstream(tooLarge ? Failure.What.TOO_LARGE : Failure.What.MALFORMED, false,
                            peer.address() + " sent " + reason);
                }
            }
            long now = clock.nanos();
            deadline = first ? now + readTimeout.toNanos() : deadline;
            fillHead(deadline - now);
        }
    }

    private void fillHead(long patienceNanos) throws Failure {
        try {
            if (patienceNanos <= 0) {
                throw new TimedOut("an answer's head");
            }
            if (peer.input().fill(USUAL_WINDOW, rules.longestLine(), Duration.ofNanos(patienceNanos)) < 0) {
                throw Failure.upstream(Failure.What.CLOSED, false, peer.address() + " closed before its answer was complete");
            }
        } catch (TimedOut e) {
            throw notAnswered(Failure.What.TIMED_OUT, " did not answer in time", e);
        } catch (IOException e) {
            throw notAnswered(Failure.What.CLOSED, " went away before its answer was complete", e);
        }
    }

    private void send(ByteBuffer... buffers) throws Failure {
        long before = Output.remaining(buffers);
        try {
            Output.write(peer.connection(), sendTimeout, buffers);
        } catch (TimedOut e) {
            throw notSent(Failure.What.TIMED_OUT, before, buffers, " did not take the request in time", e);
        } catch (IOException e) {
            throw notSent(Failure.What.CLOSED, before, buffers, " went away while the request was sent", e);
        } finally {
            bytesSent = bytesSent + before - Output.remaining(buffers);
        }
    }

    private Failure malformed(String did) {
        return Failure.upstream(Failure.What.MALFORMED, false, peer.address() + " " + did);
    }

    private Failure notSent(Failure.What what, long before, ByteBuffer[] buffers, String did, Throwable cause) {
        boolean nothing = bytesSent == 0 && Output.remaining(buffers) == before;
        return new Failure(Failure.Where.UPSTREAM, what, nothing, peer.address() + did, cause);
    }

    private Failure notAnswered(Failure.What what, String did, Throwable cause) {
        return new Failure(Failure.Where.UPSTREAM, what, false, peer.address() + did, cause);
    }
}
