package io.selvage.server.proxy;

import io.selvage.loadbalancer.Lease;
import io.selvage.loadbalancer.Tried;
import io.selvage.loadbalancer.Upstream;
import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http1.Http1Call;
import io.selvage.server.http1.PeerConnection;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import java.util.Optional;

/// One exchange on its way to the peers: what is the same for every attempt, and the decision whether there is another.
final class RetryLoop {
    private final Exchange exchange;
    private final ProxyOptions rules;
    private final PeerProtocol protocol;
    private final UpstreamRequest request;
    private final RequestBodySource upload;
    private final ErrorLog log;
    private final PeerGroup group;
    private final Upstream upstream;
    private final byte[] key;
    private final Tried tried = new Tried();
    private final long startedNanos = System.nanoTime();

    RetryLoop(Exchange exchange, ProxyOptions rules, PeerProtocol protocol, PeerGroup group, UpstreamRequest request,
            RequestBodySource upload,
            ErrorLog log) {
        this.exchange = exchange;
        this.rules = rules;
        this.protocol = protocol;
        this.request = request;
        this.upload = upload;
        this.log = log;
        this.group = group;
        this.upstream = group.upstream();
        this.key = group.key(exchange);
    }

    /// A peer's answer, with its body still to come.
    record Answered(UpstreamAttempt call, ResponseHead head) {
    }

    /// Asks one peer after the other until one has answered in a way that is to be told.
    ///
    /// @throws Failure the last one, where nobody has
    Answered answered() throws Failure {
        Lease lease = pick().orElseThrow(this::nobody);
        while (true) {
            UpstreamAttempt call = new UpstreamAttempt(this, lease);
            Optional<Lease> next;
            try {
                ResponseHead head = protocol.understood(call.ask());
                next = wantsAnother(head.status()) ? pick() : Optional.empty();
                if (next.isEmpty()) {
                    return new Answered(call, head);
                }
                call.rejected(rules.nextUpstream().countsAgainst(head.status()));
            } catch (Failure failure) {
                Failure told = call.failed(failure);
                next = wantsAnother(failure) ? pick() : Optional.empty();
                if (next.isEmpty()) {
                    throw told;
                }
                log(told);
            } catch (RuntimeException e) {
                call.failed(Failure.bug(e));
                throw e;
            }
            lease = next.get();
        }
    }

    private Optional<Lease> pick() {
        return upstream.pick(key, tried);
    }

    private Failure nobody() {
        Failure failure = Failure.upstream(Failure.What.NO_PEER, true, "no live upstreams");
        exchange.attempted(new Attempt(group.name(), failure.status(), -1, -1, -1, -1, 0, 0, 0));
        return UpstreamErrorMessages.told(failure, "connecting to upstream");
    }

    private boolean wantsAnother(Status status) {
        return rules.nextUpstream().worthAnother(status, request.method()) && mayGoOn();
    }

    private boolean wantsAnother(Failure failure) {
        return rules.nextUpstream().worthAnother(failure, request.method()) && mayGoOn();
    }

    private boolean mayGoOn() {
        return upload.isRepeatable() && rules.nextUpstream().allowsAnother(tried.tries(), System.nanoTime() - startedNanos);
    }

    /// Whether the same peer may get the request once more after it failed like this.
    boolean mayRepeat(Failure failure) {
        return upload.isRepeatable() && (failure.nothingSent() || rules.nextUpstream().mayRepeat(request.method()));
    }

    Exchange exchange() {
        return exchange;
    }

    ProxyOptions rules() {
        return rules;
    }

    Optional<PeerConnection> idle(String address) {
        return protocol.keepsConnections() ? group.idle(address) : Optional.empty();
    }

    PeerConnection connect(String address) throws Failure {
        return waiting(() -> { }, _ -> group.connect(address, rules.timeouts().connect()));
    }

    boolean keepsConnections() {
        return protocol.keepsConnections();
    }

    void giveBack(PeerConnection connection) {
        group.giveBack(connection);
    }

    Http1Call begin(PeerConnection peer) {
        Http1Call call = new Http1Call(peer, rules.timeouts().send(), rules.timeouts().read(), rules.bufferSizes().head());
        protocol.prepare(call);
        if (request.asksUpgrade()) {
            call.allowUpgrade();
        }
        return call;
    }

    Sending send(Http1Call call) throws Failure {
        return upload.send(call, request.head().duplicate());
    }

    /// Whether nothing was sent behind the head.
    boolean wasHeadAlone(Http1Call call) {
        return call.bytesSent() == request.head().remaining();
    }

    /// The peer answered before it had all of the body. The rest of one that streams is still on the client's connection.
    void uploadCut() {
        if (!upload.isRepeatable()) {
            exchange.closeAfter();
        }
    }

    ResponseHead awaitHead(Http1Call call, PeerConnection peer) throws Failure {
        return waiting(peer.connection()::abort, _ -> call.awaitHead(request.method(), _ -> { }));
    }

    void awaitBody(Http1Call call, PeerConnection peer) throws Failure {
        if (call.body().length().isPresent() && !call.body().hasMoreNow()) {
            waiting(peer.connection()::abort, _ -> {
                call.awaitBody();
                return call;
            });
        }
    }

    /// Something that waits for a peer.
    @FunctionalInterface
    interface Wait<T> {
        T run(ClientDisconnectWatch lookout) throws Failure;
    }

    /// Waits for a peer no longer than the client does, unless the peer is to finish in any case.
    ///
    /// @param end ends the wait where that is possible
    <T> T waiting(Runnable end, Wait<T> wait) throws Failure {
        ClientDisconnectWatch lookout = new ClientDisconnectWatch(exchange.client(), rules.ignoreClientAbort() ? () -> { } : end);
        try {
            return wait.run(lookout);
        } catch (Failure failure) {
            throw rules.ignoreClientAbort() ? failure : lookout.cause(failure);
        } finally {
            lookout.close();
        }
    }

    /// Tells of a failure after which the exchange goes on, or is too far to be answered otherwise.
    void log(Failure failure) {
        log.log(failure.where() == Failure.Where.DOWNSTREAM ? Severity.INFO : Severity.ERROR, exchange, failure.detail());
    }
}
