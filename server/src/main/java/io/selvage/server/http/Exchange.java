package io.selvage.server.http;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request and its one answer, on its way through the handlers.
///
/// The request does not change. What changes lies in parts, each with one owner: [#routing] belongs to the router, [#upstream]
/// to the proxy, [#outcome] to what shapes and sends the answer. All of it is used by the thread of the exchange only,
/// except [#waitFor].
public final class Exchange {
    private final RequestHead request;
    private final Client client;
    private final Optional<Refusal> refusal;
    private final long startedNanos;
    private final long startedMillis;
    private final Routing routing;
    private final Outcome outcome = new Outcome();

    private RequestBody body;
    private @Nullable UpstreamTrace upstream;              // once a proxy has the exchange
    private @Nullable List<Consumer<Exchange>> whenDone;   // created by the first action
    private volatile List<Barrier> barriers = List.of();   // replaced under the lock of this object, by any thread

    /// @param options of the client's connection until a location is known
    /// @param refusal why the head is not acceptable, where it is not: such an exchange gets that status and nothing else
    /// @param startedNanos [System#nanoTime()] when its first byte came
    /// @param startedMillis the time of day then, in milliseconds since 1970
    public Exchange(RequestHead request, Client client, RequestBody body, ClientOptions options, Optional<Refusal> refusal,
            long startedNanos, long startedMillis) {
        this.request = request;
        this.client = client;
        this.body = body;
        this.refusal = refusal;
        this.startedNanos = startedNanos;
        this.startedMillis = startedMillis;
        this.routing = new Routing(request, options);
    }

    public RequestHead request() {
        return request;
    }

    /// The fields of [#request].
    public Headers headers() {
        return request.headers();
    }

    public Client client() {
        return client;
    }

    /// Why the head was refused, where it was.
    public Optional<Refusal> refusal() {
        return refusal;
    }

    public long startedNanos() {
        return startedNanos;
    }

    public long startedMillis() {
        return startedMillis;
    }

    public RequestBody body() {
        return body;
    }

    /// Replaces a body that was received by one that can be read again, for the handlers that come after an internal redirect.
    public void body(RequestBody received) {
        body = received;
    }

    /// Takes the body from the handlers that come after a failure to receive it, such as those of an error page: to them the
    /// request has none.
    public void dropBody() {
        body = new DroppedRequestBody(body.received());
    }

    /// Where the request comes from.
    public SocketAddress remote() {
        return client.remote();
    }

    /// The host of [#remote] as people write it; `$remote_addr`.
    public String remoteHost() {
        return client.remoteHost();
    }

    /// Where the request is in the configuration, and what it has become on the way there.
    public Routing routing() {
        return routing;
    }

    /// The attempts at peers and what they said. Empty, and not to be changed, before [#beginUpstream].
    public UpstreamTrace upstream() {
        return upstream == null ? UpstreamTrace.NONE : upstream;
    }

    /// As [#upstream], for the proxy that writes into it.
    public UpstreamTrace beginUpstream() {
        UpstreamTrace known = upstream;
        if (known == null) {
            known = new UpstreamTrace();
            upstream = known;
        }
        return known;
    }

    /// Adds an attempt at a peer to [#upstream].
    public void addAttempt(Attempt attempt) {
        beginUpstream().addAttempt(attempt, routing.redirects());
    }

    /// The answer as it is about to be sent, and in the end as it was sent.
    public Outcome outcome() {
        return outcome;
    }

    /// Registers what is to be done when the exchange is finished, whatever came of it: give back what was reserved. The last
    /// action that is registered runs first.
    public void whenDone(Consumer<Exchange> action) {
        List<Consumer<Exchange>> actions = whenDone;
        if (actions == null) {
            actions = new ArrayList<>(2);
            whenDone = actions;
        }
        actions.add(action);
    }

    /// Registers something that has to be complete before the answer is sent; once it is being sent, before the exchange is
    /// finished. Any thread; a barrier that is already registered is not registered again.
    public synchronized void waitFor(Barrier barrier) {
        if (!barriers.contains(barrier)) {
            List<Barrier> more = new ArrayList<>(barriers);
            more.add(barrier);
            barriers = more;
        }
    }

    /// Waits for the registered barriers.
    void awaitBarriers() {
        if (!barriers.isEmpty()) {
            takeBarriers().forEach(Barrier::await);
        }
    }

    private synchronized List<Barrier> takeBarriers() {
        List<Barrier> taken = barriers;
        barriers = List.of();
        return taken;
    }

    /// Ends the exchange: runs what was registered, each once.
    ///
    /// @param sent what the client got
    public void finish(Sent sent) {
        outcome.sent(sent);
        List<Consumer<Exchange>> actions = whenDone;
        if (actions != null) {
            for (int last = actions.size() - 1; last >= 0; last--) {
                actions.remove(last).accept(this);
            }
        }
    }
}
