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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One HTTP/1 request to a peer and its response: [#sendHead], then the body, [#endBody], [#awaitHead], perhaps [#awaitBody],
/// [#body].
///
/// One thread may call the `send` and `end` methods while another calls the others: peers may respond early. Every [Failure] that
/// is thrown here is of the upstream side, unless it is a bug, and the connection cannot be used after it.
public final class Http1Call {
    private static final int MAX_INTERIM = 64;
    private static final int USUAL_WINDOW = HeadBufferPool.SIZE;
    private static final byte[] CRLF = {'\r', '\n'};

    private final PeerConnection peer;
    private final Clock clock;
    private final Duration sendTimeout;
    private final Duration readTimeout;
    private final FieldRules rules;
    private final long receivedBefore;

    private Set<String> upgrades = Set.of();           // protocols to which the peer may change, in lower case
    private boolean statusLineNeeded = true;
    private volatile boolean requestComplete;          // set by the sending thread
    private volatile long bytesSent;                   // written by the sending thread only
    private boolean keepAlive;
    private boolean inHead;                            // a head is incomplete
    private List<PeerHead> early = List.of();          // heads received while the request was sent
    private int interims;
    private @Nullable Failure broken;                  // the failure of a head that was received while the request was sent
    private @Nullable FramedBody body;                 // after the head

    /// @param sendTimeout the longest wait between two writes
    /// @param readTimeout the longest wait for the first byte of a response, for the rest of its head, and between two reads of
    ///        its body
    /// @param maxHeadBytes of a response's head, status line included
    public Http1Call(PeerConnection peer, Duration sendTimeout, Duration readTimeout, int maxHeadBytes) {
        this(peer, sendTimeout, readTimeout, maxHeadBytes, Clock.SYSTEM);
    }

    Http1Call(PeerConnection peer, Duration sendTimeout, Duration readTimeout, int maxHeadBytes, Clock clock) {
        this.peer = peer;
        this.clock = clock;
        this.sendTimeout = sendTimeout;
        this.readTimeout = readTimeout;
        this.rules = peer.rules(maxHeadBytes);
        this.receivedBefore = peer.input().received();
        peer.markInUse();
    }

    /// Allows a response with status 101 for one of these protocols. Any other is malformed (RFC 9110 §7.8).
    ///
    /// @param protocols as in the request's `Upgrade`; empty for none
    public void allowUpgrade(String protocols) {
        if (!protocols.isEmpty()) {
            upgrades = Headers.of("Upgrade", protocols).tokens("Upgrade");
        }
    }

    /// Allows a response that starts with its fields, as in CGI, which is malformed otherwise.
    public void allowMissingStatusLine() {
        statusLineNeeded = false;
    }

    /// Sends the head, and the first bytes of the body where they are there, in one write.
    ///
    /// @throws Failure which records whether anything was sent, even a single byte
    public void sendHead(ByteBuffer... headAndBody) throws Failure {
        send(headAndBody);
    }

    /// Sends a part of a body whose length is in the head.
    public void sendBody(ByteBuffer bytes) throws Failure {
        send(bytes);
    }

    /// Sends a part of a chunked body; does nothing for no bytes, which would end it.
    public void sendChunk(ByteBuffer bytes) throws Failure {
        if (bytes.hasRemaining()) {
            byte[] size = (Integer.toHexString(bytes.remaining()) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            send(ByteBuffer.wrap(size), bytes, ByteBuffer.wrap(CRLF));
        }
    }

    /// Marks the request as complete. Called also for a request without a body.
    public void endBody() {
        requestComplete = true;
    }

    /// Ends a chunked body, and with it the request.
    public void endBody(Headers trailers) throws Failure {
        send(new HeadBytes().text("0").endOfLine().fields(trailers).done());
        requestComplete = true;
    }

    /// True if the peer sent the head of a final response early, or something malformed, or closed the connection: [#awaitHead]
    /// will find that without waiting. Does not wait. Called by the thread that also calls [#awaitHead]; keeps interim responses
    /// for it.
    public boolean hasResponseNow() {
        try {
            Optional<PeerHead> head;
            do {
                head = parseHead();
                if (head.isPresent()) {
                    early = early.isEmpty() ? new ArrayList<>(2) : early;
                    early.add(head.get());
                } else {
                    int count = peer.input().size() < USUAL_WINDOW ? peer.input().fillNow(USUAL_WINDOW) : 0;
                    if (count <= 0) {
                        return count < 0;
                    }
                }
            } while (head.isEmpty() || head.get().head().status().isInformative());
            return true;
        } catch (IOException _) {
            return true;
        } catch (Failure failure) {
            broken = failure;
            return true;
        }
    }

    /// Waits for the next head: that of an interim response, after which another follows, or that of the final response. A
    /// change of protocol (101) is final. At most 64 are interim.
    ///
    /// @param requestMethod of the request; the framing of the response depends on it
    public ResponseHead awaitHead(Method requestMethod) throws Failure {
        PeerHead response = early.isEmpty() ? nextHead() : early.removeFirst();
        ResponseHead head = response.head();
        if (head.status().isInformative()) {
            interims++;
            if (interims > MAX_INTERIM) {
                throw malformed("sent more than " + MAX_INTERIM + " interim responses");
            }
            return head;
        }
        if (head.status().isInterim() && !isRequestedUpgrade(head)) {
            throw malformed("switched to a protocol that was not requested");
        }
        frame(requestMethod, response);
        return head;
    }

    private boolean isRequestedUpgrade(ResponseHead head) {
        Set<String> protocols = head.headers().tokens("Upgrade");
        return !protocols.isEmpty() && upgrades.containsAll(protocols);
    }

    /// Waits for the first bytes of a body whose length is in the head. Does nothing for any other body, which may be silent for
    /// long.
    public void awaitBody() throws Failure {
        framedBody().awaitSome();
    }

    /// The body of the response, framed as its head announced.
    public BodySource body() {
        return framedBody();
    }

    private FramedBody framedBody() {
        if (body == null) {
            throw new IllegalStateException("there is no head yet");
        }
        return body;
    }

    /// Bytes of the response's body that were read, without framing.
    public long bodyReceived() {
        return body == null ? 0 : body.taken();
    }

    /// True if the whole body of the response was read.
    public boolean bodyEnded() {
        return body != null && body.ended();
    }

    /// True if the connection may be used for another call: both messages are complete, nothing came behind the response, and
    /// neither side sent `close`. Called once, at the end.
    public boolean reusable() {
        boolean reusable = keepAlive && requestComplete && body != null && body.ended() && peer.input().isEmpty();
        if (reusable) {
            peer.markReusable();
        }
        return reusable;
    }

    /// True if both messages are complete and nothing came behind the response, whatever their fields say about the connection.
    /// For connections where something below HTTP/1 marks the end of a message. Called once, at the end.
    public boolean endsClean() {
        boolean clean = requestComplete && bodyEnded() && peer.input().isEmpty();
        if (clean) {
            peer.markReusable();
        }
        return clean;
    }

    /// Reads the end of a body that the end of the connection ends. Called where the next read cannot wait.
    ///
    /// @return false if there is anything else to read, which stays to be read
    public boolean readEnd() {
        return body != null && body.readEnd();
    }

    /// The connection after a 101; the first read returns the bytes received after the head.
    public Connection upgraded() {
        peer.input().unread();
        return peer.connection();
    }

    /// Bytes sent in this call, head and framing included. Any thread.
    public long bytesSent() {
        return bytesSent;
    }

    /// Bytes received in this call, heads and framing included.
    public long bytesReceived() {
        return peer.input().received() - receivedBefore;
    }

    private void frame(Method requestMethod, PeerHead response) throws Failure {
        ResponseHead head = response.head();
        Framing framing = Framing.ofResponse(requestMethod, response.version(), head);
        if (framing instanceof Framing.Refused(Refusal why)) {
            throw malformed("sent a response that cannot be framed: " + why.reason());
        }
        boolean silentBody = framing instanceof Framing.None && head.status().code() != 304
                && !requestMethod.equals(Method.HEAD) && announcesBody(head.headers());
        boolean last = silentBody || framing instanceof Framing.UntilClose || head.status().isInterim();
        keepAlive = !last && Persistence.of(response.version(), head.headers());
        body = new FramedBody(peer.input(), framing, Failure.Where.UPSTREAM, rules, () -> readTimeout, () -> requestComplete);
    }

    /// True if a head that allows no body announces one all the same (RFC 9112 §6.3): the next bytes cannot be trusted then.
    private static boolean announcesBody(Headers headers) {
        return headers.contains("Transfer-Encoding") || !headers.first("Content-Length").orElse("0").equals("0");
    }

    private PeerHead nextHead() throws Failure {
        if (broken != null) {
            throw broken;
        }
        if (peer.input().isEmpty()) {
            fillHead(readTimeout);
        }
        Optional<PeerHead> head = parseHead();
        if (head.isEmpty()) {
            long deadline = clock.nanos() + readTimeout.toNanos();
            do {
                fillHead(Duration.ofNanos(deadline - clock.nanos()));
                head = parseHead();
            } while (head.isEmpty());
        }
        return head.get();
    }

    /// Parses the bytes that are here.
    ///
    /// @return empty if the head is not complete
    private Optional<PeerHead> parseHead() throws Failure {
        Input input = peer.input();
        if (!inHead) {
            inHead = true;
            peer.heads().begin(rules, statusLineNeeded);
        }
        return switch (peer.heads().parse(input.window(), input.from(), input.to())) {
            case Parsed.Head(PeerHead head, int used) -> {
                input.skip(used);
                inHead = false;
                yield Optional.of(head);
            }
            case Parsed.NeedMore(int used) -> {
                input.skip(used);
                yield Optional.empty();
            }
            case Parsed.Refused(Refusal(Status status, String reason)) -> {
                boolean tooLarge = status.code() == Status.HEADER_FIELDS_TOO_LARGE.code();
                throw Failure.upstream(tooLarge ? Failure.What.TOO_LARGE : Failure.What.MALFORMED, false,
                        peer.address() + " sent " + reason);
            }
        };
    }

    private void fillHead(Duration timeout) throws Failure {
        try {
            if (!timeout.isPositive()) {
                throw new TimedOut("a response's head");
            }
            if (peer.input().fill(USUAL_WINDOW, rules.longestLine(), timeout) < 0) {
                throw Failure.upstream(Failure.What.CLOSED, false,
                        peer.address() + " closed the connection before its response was complete");
            }
        } catch (TimedOut e) {
            throw notReceived(Failure.What.TIMED_OUT, " did not respond in time", e);
        } catch (IOException e) {
            throw notReceived(Failure.What.CLOSED, " closed the connection before its response was complete", e);
        }
    }

    private void send(ByteBuffer... buffers) throws Failure {
        long before = Output.remaining(buffers);
        try {
            Output.write(peer.connection(), sendTimeout, buffers);
        } catch (TimedOut e) {
            throw notSent(Failure.What.TIMED_OUT, before, buffers, " did not take the request in time", e);
        } catch (IOException e) {
            throw notSent(Failure.What.CLOSED, before, buffers, " closed the connection while the request was sent", e);
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

    private Failure notReceived(Failure.What what, String did, Throwable cause) {
        return new Failure(Failure.Where.UPSTREAM, what, false, peer.address() + did, cause);
    }
}
