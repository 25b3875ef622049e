package io.selvage.server.proxy;

import io.selvage.loadbalancer.IdlePool;
import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Upstream;
import io.selvage.loadbalancer.UpstreamOverrides;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.PeerConnection;
import io.selvage.server.net.Connection;
import io.selvage.server.net.Io;
import io.selvage.server.net.SocketUnavailable;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The peers that requests are passed to, and the connections to them. Safe for any number of threads.
public final class PeerGroup implements AutoCloseable {
    private static final Duration LEAST_HANDSHAKE = Duration.ofMillis(1);

    private final UpstreamSpec configured;
    private final Set<PeerName> peerNames;
    private final Function<Exchange, byte[]> key;
    private final PeerStates states;
    private final Io io;
    private final GroupNames names;
    private final Sticky sticky;
    private final long mostIdle;
    private final List<IdlePool<PeerConnection>> idle;     // one for each carrier, or one for all
    private final List<SharedSessions> shared;             // likewise

    private final List<HealthProbe> probes = new CopyOnWriteArrayList<>();

    /// Replaced as a whole, under this, when names resolve to something else or an operator has changed the peers.
    private volatile Balanced balanced;

    /// @param resolved the peers without what an operator has changed
    /// @param addresses of its peers, as they are connected to
    private record Balanced(UpstreamSpec resolved, Upstream upstream, Map<String, SocketAddress> addresses) {
    }

    /// @param configured its peers may be host names, which are left out until [#replacePeers] brings their addresses
    /// @param key the key of an exchange, for policies that choose by one
    /// @param keepAlive bounds on idle connections, for each place of `io`
    /// @param states where the live states of the peers are kept
    /// @param names who is asked for those hosts
    /// @param sticky how requests of a client are bound to one peer
    public PeerGroup(UpstreamSpec configured, Function<Exchange, byte[]> key, KeepAlive keepAlive, PeerStates states, Io io,
            GroupNames names, Sticky sticky) {
        this.names = names;
        this.sticky = sticky;
        this.configured = configured;
        this.peerNames = PeerNames.names(configured);
        this.key = key;
        this.states = states;
        this.io = io;
        this.mostIdle = (long) keepAlive.connections() * io.places();
        this.idle = Stream.generate(() -> new IdlePool<PeerConnection>(keepAlive, System::nanoTime)).limit(io.places()).toList();
        this.shared = Stream.generate(() -> new SharedSessions(keepAlive)).limit(io.places()).toList();
        this.balanced = balanced(PeerNames.resolved(configured, _ -> List.of()));
    }

    /// A group without hosts.
    PeerGroup(UpstreamSpec configured, Function<Exchange, byte[]> key, KeepAlive keepAlive, PeerStates states, Io io) {
        this(configured, key, keepAlive, states, io, GroupNames.NONE, Sticky.NONE);
    }

    /// The name of the `upstream` block, or the address that requests are passed to without one.
    public String name() {
        return configured.name();
    }

    /// How requests of a client are bound to one peer.
    Sticky sticky() {
        return sticky;
    }

    /// Adds an active health check, while the configuration is built.
    public void add(HealthProbe probe) {
        probes.add(probe);
    }

    /// The active health checks of its peers.
    List<HealthProbe> probes() {
        return probes;
    }

    /// The names among the configured peers.
    Set<PeerName> peerNames() {
        return peerNames;
    }

    /// Where the live states of the peers are kept.
    PeerStates states() {
        return states;
    }

    /// Who is asked for its names.
    GroupNames names() {
        return names;
    }

    /// The most idle connections that are kept.
    public long mostIdle() {
        return mostIdle;
    }

    /// The connections that wait for another request now.
    public int idleConnections() {
        return idle.stream().mapToInt(IdlePool::size).sum();
    }

    /// The current peers. One exchange uses one such object to its end.
    public Upstream upstream() {
        return balanced.upstream();
    }

    /// The configured peers, host names included.
    UpstreamSpec configured() {
        return configured;
    }

    /// Replaces all peers. Exchanges that have an [#upstream] already keep it and end on the connections that they have; idle
    /// connections to peers that have left are closed.
    ///
    /// @return false if nothing has changed
    synchronized boolean replacePeers(UpstreamSpec resolved) {
        boolean changed = !resolved.equals(balanced.resolved());
        if (changed) {
            balance(resolved);
        }
        return changed;
    }

    /// Requests that wait for a free peer then wait for one of the new peers.
    private void balance(UpstreamSpec resolved) {
        Upstream before = balanced.upstream();
        balanced = balanced(resolved);
        balanced.upstream().takeWaiting(before);
        closeLeft();
    }

    private void closeLeft() {
        Set<String> current = balanced.addresses().keySet();
        idle.forEach(pool -> pool.remove(connection -> !current.contains(connection.address())).forEach(PeerConnection::close));
        shared.forEach(sessions -> sessions.retireAllBut(current));
    }

    /// @throws IllegalArgumentException if the peers cannot be changed in this way
    public void check(UpstreamOverrides overrides) {
        overrides.apply(balanced.resolved());
    }

    /// Changes the peers as [PeerStates#overrides] says now. Exchanges that have an [#upstream] already keep it.
    public synchronized void applyOverrides() {
        balance(balanced.resolved());
    }

    byte[] key(Exchange exchange) {
        return key.apply(exchange);
    }

    /// An idle connection that is still open and on which the peer has sent nothing since. Does not wait.
    ///
    /// @param pool the address of a peer, or another key of [#connect]
    Optional<PeerConnection> idle(UpstreamRequest request, String pool) {
        String key = key(request, pool);
        while (true) {
            Optional<PeerConnection> taken = here().take(key);
            if (taken.isEmpty() || taken.get().isReusable()) {
                return taken;
            }
            taken.get().close();
        }
    }

    /// The connections of this place that several requests use at a time.
    SharedSessions shared() {
        return shared.get(io.place());
    }

    /// Opens a connection, in TLS if the target says so. Waits up to the connect timeout.
    ///
    /// @throws Failure with nothing sent; one of ours, which is no mark against the peer, if this machine has no socket for it
    PeerConnection connect(UpstreamRequest request, String address) throws Failure {
        return connect(request, address, address, UnaryOperator.identity());
    }

    /// As [#connect].
    ///
    /// @param pool the key of the connection while it is idle, apart from its local address and its TLS
    /// @param framing what is put around it
    PeerConnection connect(UpstreamRequest request, String address, String pool, UnaryOperator<Connection> framing)
            throws Failure {
        Optional<PeerIdentity> identity = request.target().identity();
        Connection connection = identity.isPresent() ? secured(request, address, identity.get()) : plain(request, address);
        return new PeerConnection(framing.apply(connection), address, key(request, pool));
    }

    /// The key of connections that may be exchanged for each other: of the same local address and TLS.
    static String key(UpstreamRequest request, String pool) {
        String plain = request.options().wire().connecting().pool(pool, request.exchange());
        Optional<PeerIdentity> identity = request.target().identity();
        return identity.isPresent() ? identity.get().pool() + plain : plain;
    }

    /// The connect timeout counts for the connection and the handshake together.
    private Connection secured(UpstreamRequest request, String address, PeerIdentity identity) throws Failure {
        long started = System.nanoTime();
        Connection plain = plain(request, address);
        Duration left = request.options().timeouts().connect().minusNanos(System.nanoTime() - started);
        return identity.secure(plain, left.isPositive() ? left : LEAST_HANDSHAKE);
    }

    private Connection plain(UpstreamRequest request, String address) throws Failure {
        ProxyOptions.Wire wire = request.options().wire();
        try {
            return io.connector().connect(socketAddress(address), wire.connecting().socket(request), wire.timeouts().connect());
        } catch (SocketUnavailable e) {
            throw Failure.here(Failure.What.REFUSED, "connect() failed (" + e.getMessage() + ")");
        } catch (TimedOut e) {
            throw notConnected(Failure.What.TIMED_OUT, e);
        } catch (IOException e) {
            throw notConnected(Failure.What.REFUSED, e);
        }
    }

    /// Also of a peer that is no longer in the group: a host may have got other addresses since the peer was chosen.
    private SocketAddress socketAddress(String address) {
        SocketAddress known = balanced.addresses().get(address);
        return known == null ? PeerAddress.parse(address) : known;
    }

    private static Failure notConnected(Failure.What what, Exception why) {
        return new Failure(Failure.Where.UPSTREAM, what, true, "connect() failed (" + why.getMessage() + ")", why);
    }

    /// Keeps a connection for another request, or closes one where that is too many.
    void giveBack(PeerConnection connection) {
        here().give(connection.pool(), connection, new IdlePool.Facts(connection.openedNanos(), connection.exchanges()))
                .ifPresent(PeerConnection::close);
    }

    /// Closes the connections that have been idle for too long, and those that came back from an exchange with a peer that has
    /// left.
    void closeExpired() {
        if (!peerNames.isEmpty()) {
            closeLeft();
        }
        idle.forEach(pool -> pool.expired(System.nanoTime()).forEach(PeerConnection::close));
        shared.forEach(SharedSessions::closeExpired);
    }

    /// Closes idle connections now, and others when they are given back. Exchanges in flight may still use the group.
    @Override
    public void close() {
        idle.forEach(pool -> pool.drain().forEach(PeerConnection::close));
        shared.forEach(SharedSessions::close);
    }

    private IdlePool<PeerConnection> here() {
        return idle.get(io.place());
    }

    private Balanced balanced(UpstreamSpec resolved) {
        Upstream upstream = new Upstream(resolved, states, System::nanoTime, new SplittableRandom());
        Map<String, SocketAddress> addresses = upstream.spec().peers().stream().map(PeerSpec::address).distinct()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), PeerAddress::parse));
        return new Balanced(resolved, upstream, addresses);
    }
}
