package io.selvage.server.proxy;

import io.selvage.loadbalancer.Lease;
import io.selvage.server.http.Attempt;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One attempt at a peer: a lease, a call and the record of both in the exchange.
///
/// ```
/// Connecting --connected--> Sent --head received--> Answered
///      ^                      |
///      +----------------------+   the peer had closed the idle connection
///
/// every state --end--> Ended
/// ```
///
/// [#ask] comes first, [#end] last. Both and everything between them belong to one thread at a time.
final class UpstreamAttempt {
    private static final State CONNECTING = new Connecting();
    private static final State ENDED = new Ended();

    /// Where the attempt is.
    private sealed interface State {
    }

    /// There is no connection yet.
    private record Connecting() implements State {
    }

    /// The request is on its way, or has been sent; no response counts yet.
    ///
    /// @param connectNanos how long the connection took, 0 for one that was open already
    private record Sent(UpstreamCall call, long connectNanos) implements State {
    }

    /// The head of the response is here, and the exchange has a record of the attempt.
    ///
    /// @param headNanos how long it took from the start of the attempt
    /// @param buffered true if the body is read ahead of the client
    private record Answered(Sent sent, ResponseHead head, long headNanos, boolean buffered) implements State {
    }

    /// Lease and connection were given back.
    private record Ended() implements State {
    }

    /// How an attempt ends.
    sealed interface Ending {
    }

    /// Nothing more is wanted from the peer, whether or not the response was read to its end.
    static final Ending FINISHED = new Finished();

    private record Finished() implements Ending {
    }

    /// Another peer is tried because of the response's status.
    ///
    /// @param countsAgainstPeer true if the status is a failure of the peer
    record Rejected(boolean countsAgainstPeer) implements Ending {
    }

    /// There is no response, or no more of it. A failure of the upstream side counts against the peer.
    record Failed(Failure failure) implements Ending {
    }

    /// The connection was a tunnel since the protocol changed, and that tunnel has ended.
    ///
    /// @param bytes that came from the peer through it
    record Tunnelled(long bytes) implements Ending {
    }

    private final UpstreamRequest request;
    private final Lease lease;
    private final Attempt.Peer peer;
    private final long waitedNanos;
    private final long startedNanos;
    private State state = CONNECTING;
    private @Nullable BodySource body;                     // once it is read
    private Runnable whenReceived = Sticky.NOTHING;

    /// @param waitedNanos how long the request waited for the lease in the queue of the upstream; -1 if it did not have to
    /// @param startedNanos [System#nanoTime()] now, or when the lease was sought if there was no wait for it
    UpstreamAttempt(UpstreamRequest request, Lease lease, long waitedNanos, long startedNanos) {
        this.startedNanos = startedNanos;
        this.request = request;
        this.lease = lease;
        this.peer = new Attempt.Peer(request.target().group().name(), lease.address());
        this.waitedNanos = waitedNanos;
    }

    /// Sends the request and waits for the head of the response, and for the first bytes of its body where the head is held for
    /// them. Uses an open connection where there is one. If the peer turns out to have closed that one, a new connection gets the
    /// request again, as a part of the same attempt.
    ///
    /// @throws Failure with the message for the error log; the attempt has not ended yet
    ResponseHead ask() throws Failure {
        Optional<UpstreamCall> open = request.protocol().reuse(request, lease.address());
        if (open.isPresent()) {
            UpstreamCall call = open.get();
            try {
                return ask(call, 0);
            } catch (Failure failure) {
                if (!wasStale(call, failure)) {
                    throw failure;
                }
            }
            state = CONNECTING;
            call.discard();
        }
        return ask(connect(), elapsed());
    }

    /// True if an open connection ended before the peer can have taken the request (RFC 9112 §9.3.1, RFC 9110 §9.2.2).
    private boolean wasStale(UpstreamCall call, Failure failure) {
        return isClosedByPeer(failure) && call.bytesReceived() == 0 && request.mayRepeat(failure);
    }

    private UpstreamCall connect() throws Failure {
        try {
            return ClientDisconnectWatch.during(request, () -> { }, () -> request.protocol().connect(request, lease.address()));
        } catch (Failure failure) {
            throw UpstreamErrorMessages.describe(failure, UpstreamErrorMessages.CONNECTING);
        }
    }

    private ResponseHead ask(UpstreamCall call, long connectNanos) throws Failure {
        Sent sent = new Sent(call, connectNanos);
        state = sent;
        RequestTransfer transfer = send(call);
        String doing = transfer.wasCut() ? UpstreamErrorMessages.SENDING : UpstreamErrorMessages.AWAITING_HEAD;
        try {
            ResponseHead head = awaitFinalHead(call);
            long headNanos = elapsed();
            lease.headReceived(head.status().code());
            boolean buffered = request.options().buffers(head);
            if (buffered && request.options().isPassedOn(head)) {
                doing = UpstreamErrorMessages.READING_BODY;
                awaitBody(call);
            }
            if (transfer.wasCut() && !request.body().isRepeatable()) {
                request.exchange().outcome().closeAfter(); // the rest of the body is still on the client's connection
            }
            state = new Answered(sent, head, headNanos, buffered);
            request.exchange().addAttempt(record(head.status(), sent, headNanos, headNanos, 0));
            return head;
        } catch (Failure failure) {
            call.abort();                                  // so that the transfer ends as well
            throw UpstreamErrorMessages.describe(isClosedByPeer(failure) ? transfer.cause(failure) : failure, doing);
        }
    }

    /// Passes interim responses to the client (RFC 9110 §15.2) until the final one comes. The client is not watched while it is
    /// written to.
    private ResponseHead awaitFinalHead(UpstreamCall call) throws Failure {
        ResponseHead head = ClientDisconnectWatch.during(request, call::abort, call::awaitHead);
        while (head.status().isInformative()) {
            passInterim(head);
            head = ClientDisconnectWatch.during(request, call::abort, call::awaitHead);
        }
        return head;
    }

    /// Interim responses to subrequests are not passed, and neither is a 100: no peer is requested to send one, since this server
    /// answers `Expect` itself (RFC 9110 §10.1.1).
    private void passInterim(ResponseHead head) throws Failure {
        ResponsePresentation presentation = request.options().presentation();
        if (head.status().code() == Status.CONTINUE.code() || request.exchange().isSubrequest()
                || !presentation.passesInterim(request.exchange())) {
            return;
        }
        try {
            request.exchange().client().interim(head.withHeaders(presentation.pass(head.headers()).without("Content-Length")));
        } catch (Failure failure) {
            if (!request.options().ignoreClientAbort()) {
                throw failure;
            }
        }
    }

    private RequestTransfer send(UpstreamCall call) throws Failure {
        try {
            return request.body().send(call);
        } catch (Failure failure) {
            if (isClosedByPeer(failure)) {
                return RequestTransfer.cut(failure);       // the peer may have responded before it closed
            }
            throw UpstreamErrorMessages.describe(failure, UpstreamErrorMessages.SENDING);
        }
    }

    private void awaitBody(UpstreamCall call) throws Failure {
        if (call.body().length().isPresent() && !call.body().hasMoreNow()) {
            ClientDisconnectWatch.during(request, call::abort, () -> {
                call.awaitBody();
                return call;
            });
        }
    }

    private static boolean isClosedByPeer(Failure failure) {
        return failure.where() == Failure.Where.UPSTREAM && failure.what() == Failure.What.CLOSED;
    }

    /// By what requests are bound to the peer.
    String peerId() {
        return lease.peerId();
    }

    /// Sets what is done when the response has come, unless it breaks off.
    void whenReceived(Runnable action) {
        whenReceived = action;
    }

    /// The call whose head [#ask] has returned; its body is still to come.
    UpstreamCall call() {
        if (state instanceof Answered(Sent(UpstreamCall call, _), _, _, _)) {
            return call;
        }
        throw new IllegalStateException("no response is being read");
    }

    /// The body of the response, which comes no faster than the location allows.
    BodySource body() {
        BodySource known = body;
        if (known == null) {
            long rate = isBuffered() ? request.options().delivery().rate().applyAsLong(request.exchange()) : 0;
            known = rate > 0 ? new PacedBody(call().body(), rate) : call().body();
            body = known;
        }
        return known;
    }

    /// The head that [#ask] has returned.
    ResponseHead head() {
        if (state instanceof Answered(_, ResponseHead head, _, _)) {
            return head;
        }
        throw new IllegalStateException("no response is being read");
    }

    /// True if the body of the response is read ahead of the client.
    boolean isBuffered() {
        return state instanceof Answered answered && answered.buffered();
    }

    /// The protocol changed: the peer did its part, whatever the tunnel carries and however it ends.
    void upgraded() {
        lease.succeeded();
    }

    /// Ends the attempt because the body cannot be read, and logs why, since the client has the head already.
    ///
    /// @return the failure with the message that was logged
    Failure endBroken(Failure failure) {
        Failure described = UpstreamErrorMessages.describe(failure, UpstreamErrorMessages.READING_BODY);
        end(new Failed(described));
        request.log(described);
        return described.asLogged();
    }

    /// Ends the attempt: the peer's health learns how it ended, the exchange gets the record, and connection and lease are given
    /// back. Does nothing the second time.
    void end(Ending ending) {
        State before = state;
        state = ENDED;
        switch (before) {
            case Connecting() -> {
                judge(ending);
                request.exchange().addAttempt(record(statusOf(ending), -1, -1, elapsed(), Attempt.Traffic.NONE));
            }
            case Sent sent -> {
                judge(ending);
                request.exchange().addAttempt(record(statusOf(ending), sent, -1, elapsed(), 0));
                sent.call().discard();
            }
            case Answered answered -> end(answered, ending);
            case Ended() -> {
                return;
            }
        }
        lease.close();
    }

    private void end(Answered answered, Ending ending) {
        UpstreamCall call = answered.sent().call();
        boolean failed = ending instanceof Failed;
        judge(ending);
        if (!failed && !(ending instanceof Rejected)) {
            whenReceived.run();
        }
        if (!failed && call.isComplete()) {
            lease.succeeded();                             // has no effect where the status was judged a failure
            lease.responseReceived();
        }
        long tunnelled = ending instanceof Tunnelled(long bytes) ? bytes : 0;
        request.exchange().upstream().peerTrailers(call.body().trailers());
        request.exchange().upstream().attemptEnded(record(answered.head().status(), answered.sent(), answered.headNanos(),
                elapsed(), tunnelled));
        if (failed) {
            call.discard();
        } else {
            call.release();
        }
    }

    private void judge(Ending ending) {
        boolean countsAgainstPeer = switch (ending) {
            case Failed(Failure failure) -> failure.where() == Failure.Where.UPSTREAM;
            case Rejected(boolean counts) -> counts;
            case Finished(), Tunnelled _ -> false;
        };
        if (countsAgainstPeer) {
            lease.failed();
        }
    }

    /// The status in the record of an attempt that brought no response.
    private static Status statusOf(Ending ending) {
        return ending instanceof Failed(Failure failure) ? failure.status() : Status.BAD_GATEWAY;
    }

    private Attempt record(Status status, Sent sent, long headNanos, long totalNanos, long tunnelled) {
        UpstreamCall call = sent.call();
        return record(status, sent.connectNanos(), headNanos, totalNanos, new Attempt.Traffic(call.bytesSent(),
                call.bytesReceived() + tunnelled, call.bodyReceived() + tunnelled));
    }

    private Attempt record(Status status, long connectNanos, long headNanos, long totalNanos, Attempt.Traffic traffic) {
        long queuedNanos = startedNanos - request.exchange().startedNanos();
        return new Attempt(peer, status, queuedNanos, waitedNanos, connectNanos, headNanos, totalNanos, traffic);
    }

    private long elapsed() {
        return System.nanoTime() - startedNanos;
    }
}
