package io.selvage.server.http;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request and its one answer, on its way through the handlers. A subrequest has an exchange of its own.
///
/// The request does not change. What changes lies in parts, each with one owner: [#routing] belongs to the router, [#upstream]
/// to the proxy, [#outcome] to what shapes and sends the answer. All of it is used by the thread of the exchange only,
/// except [#waitFor] and [#state].
public final class Exchange {
    /// The most subrequests within one another.
    public static final int MAX_DEPTH = 50;
    /// The most subrequests of one request of a client, those within others included.
    public static final int MAX_SUBREQUESTS = 64_000;

    private final RequestHead request;
    private final Client client;
    private final Optional<Refusal> refusal;
    private final long startedNanos;
    private final long startedMillis;
    private final Routing routing;
    private final Outcome outcome = new Outcome();
    private final @Nullable Exchange parent;               // whose subrequest it is
    private final SubrequestKind kind;

    private Headers headers;                               // of the request, as features have changed them
    private RequestBody body;
    private @Nullable Router router;                       // once it is run
    private @Nullable SocketAddress forwarded;             // the client's address, where a proxy named it
    private @Nullable String forwardedHost;                // the host of it, as people write it
    private @Nullable UpstreamTrace upstream;              // once a proxy has the exchange
    private int subrequests;                               // started until now; counted in the main exchange
    private @Nullable List<Consumer<Exchange>> whenDone;   // created by the first action
    private volatile List<Barrier> barriers = List.of();   // replaced under the lock of this object, by any thread
    private List<Barrier> companions = List.of();          // threads that use what belongs to the exchange
    private volatile Map<Class<?>, Object> states = Map.of();   // of features, by their types; replaced under the lock

    /// @param options of the client's connection until a location is known
    /// @param refusal why the head is not acceptable, where it is not: such an exchange gets that status and nothing else
    /// @param startedNanos [System#nanoTime()] when its first byte came
    /// @param startedMillis the time of day then, in milliseconds since 1970
    public Exchange(RequestHead request, Client client, RequestBody body, ClientOptions options, Optional<Refusal> refusal,
            long startedNanos, long startedMillis) {
        this.request = request;
        this.headers = request.headers();
        this.client = client;
        this.body = body;
        this.refusal = refusal;
        this.startedNanos = startedNanos;
        this.startedMillis = startedMillis;
        this.routing = new Routing(request, options);
        this.parent = null;
        this.kind = SubrequestKind.NONE;
    }

    private Exchange(Exchange parent, SubrequestKind kind, Routing routing, RequestBody body) {
        this.request = parent.request;
        this.headers = parent.headers;
        this.client = kind == SubrequestKind.BACKGROUND ? new DetachedClient(parent.client) : parent.client;
        this.body = body;
        this.refusal = Optional.empty();
        this.startedNanos = System.nanoTime();
        this.startedMillis = System.currentTimeMillis();
        this.routing = routing;
        this.parent = parent;
        this.kind = kind;
        this.forwarded = parent.forwarded;
        this.forwardedHost = parent.forwardedHost;
        this.router = parent.router().subrequest(this);
    }

    /// The exchange of a subrequest, which begins now. It has the client, the fields and the variables of this one: the same
    /// variables, or for a subrequest in the background a copy of them. [Router#subrequest] finds its answer.
    ///
    /// @param own its body, which no other exchange reads
    /// @throws Failure if there are more subrequests than are allowed
    public Exchange subrequest(SubrequestKind kind, Method method, InternalUri uri, RequestBody own) throws Failure {
        checkSubrequests(uri.path());
        boolean shared = kind != SubrequestKind.BACKGROUND;
        return new Exchange(this, kind, new Routing(routing, method, uri, shared), own);
    }

    /// The exchange of a subrequest for the same URI with the same method, for the handler of this one. It has no body. The
    /// caller runs the handler.
    ///
    /// @throws Failure if there are more subrequests than are allowed
    public Exchange again() throws Failure {
        checkSubrequests(routing.path());
        return new Exchange(this, SubrequestKind.USUAL, new Routing(routing), RequestBody.none());
    }

    private void checkSubrequests(String path) throws Failure {
        if (depth() >= MAX_DEPTH || countSubrequest() > MAX_SUBREQUESTS) {
            throw Failure.here(Failure.What.OVERLOADED, "subrequests turn in a circle at \"" + path + "\"");
        }
    }

    /// The exchange whose subrequest this is; empty for a client's own.
    public Optional<Exchange> parent() {
        return Optional.ofNullable(parent);
    }

    public boolean isSubrequest() {
        return parent != null;
    }

    /// What a status without a body becomes: a page, or nothing for a subrequest that is for the body of an answer only.
    public boolean hasPages() {
        return kind != SubrequestKind.WITHOUT_PAGES;
    }

    /// The client's own exchange, of which this one may be a part.
    public Exchange main() {
        Exchange main = this;
        while (main.parent != null) {
            main = main.parent;
        }
        return main;
    }

    /// Counts a subrequest of the client's own exchange.
    ///
    /// @return how many there are with this one
    private int countSubrequest() {
        Exchange main = main();
        main.subrequests++;
        return main.subrequests;
    }

    /// How many exchanges this one lies in: 0 for the client's own.
    private int depth() {
        int depth = 0;
        for (Exchange outer = parent; outer != null; outer = outer.parent) {
            depth++;
        }
        return depth;
    }

    /// Sets the router that finds its answer.
    void router(Router own) {
        router = own;
    }

    /// The router that finds its answer.
    public Router router() {
        Router own = router;
        if (own == null) {
            throw new IllegalStateException("an exchange that nobody runs");
        }
        return own;
    }

    /// The head as the client sent it, the same for the exchange and all its subrequests.
    public RequestHead request() {
        return request;
    }

    /// The fields of [#request], as features have changed them.
    public Headers headers() {
        return headers;
    }

    /// Replaces the fields for all that comes after: handlers, peers, variables and later subrequests.
    public void headers(Headers changed) {
        headers = changed;
    }

    /// The client's end of the connection. A subrequest in the background gets one that neither sends nor watches.
    public Client client() {
        return client;
    }

    /// Why the head was refused, where it was.
    public Optional<Refusal> refusal() {
        return refusal;
    }

    /// [System#nanoTime()] when the first byte of the request arrived, or when the subrequest began.
    public long startedNanos() {
        return startedNanos;
    }

    /// The time of day of the same moment, in milliseconds since 1970.
    public long startedMillis() {
        return startedMillis;
    }

    /// The body: on the client's connection, or what [#body(RequestBody)] has put in its place.
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

    /// Where the request comes from: the address that a trusted proxy named, or the other end of the connection.
    public SocketAddress remote() {
        SocketAddress named = forwarded;
        return named == null ? client.remote() : named;
    }

    /// The host of [#remote] as people write it; `$remote_addr`.
    public String remoteHost() {
        String named = forwardedHost;
        return named == null ? client.remoteHost() : named;
    }

    /// Sets the address that a trusted proxy named.
    ///
    /// @param host of the address, as people write it
    public void forwardedFor(SocketAddress named, String host) {
        forwarded = named;
        forwardedHost = host;
    }

    /// Whether a trusted proxy named the client's address.
    public boolean isForwarded() {
        return forwarded != null;
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

    /// What a feature remembers of this exchange; made by the first use. Any thread.
    public <T> T state(Class<T> type, Supplier<T> make) {
        Optional<T> known = state(type);
        return known.isPresent() ? known.get() : makeState(type, make);
    }

    private synchronized <T> T makeState(Class<T> type, Supplier<T> make) {
        Optional<T> known = state(type);
        if (known.isPresent()) {
            return known.get();
        }
        T made = make.get();
        Map<Class<?>, Object> more = new HashMap<>(states);
        more.put(type, made);
        states = more;
        return made;
    }

    /// What a feature remembers of this exchange, if it does. Any thread.
    public <T> Optional<T> state(Class<T> type) {
        return Optional.ofNullable(type.cast(states.get(type)));
    }

    /// Registers something that has to be complete before the answer is sent; once it is being sent, before the exchange is
    /// finished. Any thread; a barrier that is already registered is not registered again.
    public void waitFor(Barrier barrier) {
        if (parent == null || kind == SubrequestKind.BACKGROUND) {
            register(barrier);
        } else {
            parent.waitFor(barrier);
        }
    }

    private synchronized void register(Barrier barrier) {
        if (!barriers.contains(barrier)) {
            List<Barrier> more = new ArrayList<>(barriers);
            more.add(barrier);
            barriers = more;
        }
    }

    /// Waits for the registered barriers.
    public void awaitBarriers() {
        if (!barriers.isEmpty()) {
            takeBarriers().forEach(Barrier::await);
        }
    }

    private synchronized List<Barrier> takeBarriers() {
        List<Barrier> taken = barriers;
        barriers = List.of();
        return taken;
    }

    /// Registers another thread that uses what belongs to this exchange, such as the body of its request: the exchange does not
    /// end before that thread does.
    ///
    /// @param end waits for the end of that thread
    public void accompany(Barrier end) {
        List<Barrier> more = new ArrayList<>(companions);
        more.add(end);
        companions = more;
    }

    /// Ends the exchange: runs what was registered, each once.
    ///
    /// @param sent what the client got
    public void finish(Sent sent) {
        if (!companions.isEmpty()) {
            companions.forEach(Barrier::await);
        }
        outcome.sent(sent);
        List<Consumer<Exchange>> actions = whenDone;
        if (actions != null) {
            for (int last = actions.size() - 1; last >= 0; last--) {
                actions.remove(last).accept(this);
            }
        }
    }
}
