package io.selvage.server.proxy;

import io.selvage.loadbalancer.Lease;
import io.selvage.server.http.Attempt;
import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http1.Http1Call;
import io.selvage.server.http1.PeerConnection;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One attempt at a peer: a lease, a connection, a request and its answer, and the record of it.
///
/// [#ask] comes first; then exactly one of [#failed], [#rejected] and [#ended], of which [#ended] bears being called again.
final class UpstreamAttempt {
    /// Where the log says that something went wrong.
    private static final String CONNECTING = "connecting to upstream";
    private static final String SENDING = "sending request to upstream";
    private static final String AWAITING = "reading response header from upstream";
    private static final String READING = "reading upstream";

    private final RetryLoop passage;
    private final Lease lease;
    private final long startedNanos = System.nanoTime();

    private String phase = CONNECTING;
    private long connectNanos = -1;
    private long headerNanos = -1;
    private Status status = Status.BAD_GATEWAY;
    private @Nullable PeerConnection connection;           // once there is one
    private @Nullable Http1Call call;                      // once it has begun on that connection
    private boolean over;                                  // the connection and the lease are given back
    private long tunnelled;                                // bytes from the peer after a change of protocol

    UpstreamAttempt(RetryLoop passage, Lease lease) {
        this.passage = passage;
        this.lease = lease;
    }

    /// Sends the request and waits for the head of the answer, and for the first of its body where the head is held for it: on a
    /// connection that is kept open, else on a new one. When the peer turns out to have closed the kept one meanwhile, on a new
    /// one as well.
    ResponseHead ask() throws Failure {
        Optional<PeerConnection> idle = passage.idle(lease.address());
        if (idle.isPresent()) {
            try {
                return ask(idle.get());
            } catch (Failure failure) {
                if (!wasStale(failure)) {
                    throw failure;
                }
                idle.get().close();
            }
        }
        phase = CONNECTING;
        return ask(passage.connect(lease.address()));
    }

    /// Whether a kept connection ended before the peer can have taken the request up (RFC 9112 §9.3.1, RFC 9110 §9.2.2).
    private boolean wasStale(Failure failure) {
        return failure.where() == Failure.Where.UPSTREAM && failure.what() == Failure.What.CLOSED
                && current().bytesReceived() == 0 && passage.mayRepeat(failure);
    }

    private ResponseHead ask(PeerConnection peer) throws Failure {
        connection = peer;
        connectNanos = peer.exchanges() > 0 ? 0 : elapsed();
        Http1Call begun = passage.begin(peer);
        call = begun;
        phase = SENDING;
        Sending sending = Sending.OVER;
        Optional<Failure> unsent = Optional.empty();
        try {
            sending = passage.send(begun);
            phase = AWAITING;
        } catch (Failure failure) {
            if (failure.where() != Failure.Where.UPSTREAM || failure.what() != Failure.What.CLOSED) {
                throw failure;
            }
            unsent = Optional.of(failure);                 // it may have answered before it closed
        }
        try {
            ResponseHead head = passage.awaitHead(begun, peer);
            long headed = elapsed();
            if (passage.rules().awaitsBody(head)) {
                phase = READING;
                passage.awaitBody(begun, peer);
            }
            unsent.ifPresent(_ -> passage.uploadCut());
            answered(head, headed);
            return head;
        } catch (Failure failure) {
            peer.connection().abort();
            throw cause(failure, unsent, sending);
        }
    }

    private void answered(ResponseHead head, long afterNanos) {
        headerNanos = afterNanos;
        status = head.status();
        passage.exchange().attempted(record());
        phase = READING;
    }

    /// What went wrong first, where sending and reading both failed.
    private static Failure cause(Failure reading, Optional<Failure> unsent, Sending sending) {
        if (reading.where() != Failure.Where.UPSTREAM || reading.what() != Failure.What.CLOSED) {
            return reading;
        }
        return unsent.or(sending::ended).filter(sent -> sent.what() != Failure.What.CLOSED || unsent.isPresent()).orElse(reading);
    }

    /// The answer that [#ask] has brought; its body is on the connection.
    Http1Call current() {
        if (call == null) {
            throw new IllegalStateException("nothing was asked yet");
        }
        return call;
    }

    /// Whether all of the answer has come, as far as can be seen without waiting.
    boolean isComplete() {
        return current().body().hasMoreNow() && current().bodyEnded();
    }

    /// There is no answer, or no more of it: the lease learns, it is recorded, and the connection is closed.
    ///
    /// @return the same failure in the words of the log
    Failure failed(Failure failure) {
        if (failure.where() == Failure.Where.UPSTREAM) {
            lease.failed();
        }
        end(true);
        if (headerNanos >= 0) {
            passage.exchange().attemptEnded(record());
        } else {
            status = failure.status();
            passage.exchange().attempted(record());
        }
        return failure.where() == Failure.Where.UPSTREAM ? UpstreamErrorMessages.told(failure, phase) : failure;
    }

    /// The answer is not wanted, because another peer is asked.
    void rejected(boolean countsAgainst) {
        if (countsAgainst) {
            lease.failed();
        }
        ended();
    }

    /// The protocol changed: whatever happens later says nothing of the peer.
    void upgraded() {
        lease.succeeded();
    }

    /// What came after a change of protocol has been carried.
    ///
    /// @param bytes how many came from the peer
    void tunnelled(long bytes) {
        if (!over) {
            end(false);
            tunnelled = bytes;
            passage.exchange().attemptEnded(record());
        }
    }

    /// Ends a read that waits for the peer; from any thread, once [#ask] has returned.
    void abort() {
        PeerConnection used = connection;
        if (used != null) {
            used.connection().abort();
        }
    }

    /// Nothing more is wanted from the peer. The connection is kept where all of the answer was read, else closed.
    void ended() {
        if (over) {
            return;
        }
        boolean reusable = passage.keepsConnections() && current().reusable();
        if (reusable || current().bodyEnded()) {
            lease.succeeded();
        }
        passage.exchange().attemptEnded(record());
        PeerConnection used = connection;
        if (reusable && used != null) {
            over = true;
            passage.giveBack(used);
            lease.close();
        } else {
            end(!current().bodyEnded() || isAllSaid());
        }
    }

    /// A connection for one exchange without a request body, whose answer is here, is reset rather than closed on the loopback:
    /// nothing is under way any more and nobody stands in between. See server/README, "Deliberate choices".
    private boolean isAllSaid() {
        PeerConnection used = connection;
        return !passage.keepsConnections() && used != null && passage.wasHeadAlone(current())
                && used.connection().remote() instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress();
    }

    private void end(boolean abort) {
        over = true;
        if (abort) {
            abort();
        }
        PeerConnection used = connection;
        if (used != null) {
            used.close();
        }
        lease.close();
    }

    private Attempt record() {
        long sent = call == null ? 0 : call.bytesSent();
        long received = (call == null ? 0 : call.bytesReceived()) + tunnelled;
        long body = (call == null ? 0 : call.bodyReceived()) + tunnelled;
        long queued = startedNanos - passage.exchange().startedNanos();
        return new Attempt(lease.address(), status, queued, connectNanos, headerNanos, elapsed(), sent, received, body);
    }

    private long elapsed() {
        return System.nanoTime() - startedNanos;
    }
}
