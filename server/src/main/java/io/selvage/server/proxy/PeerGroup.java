package io.selvage.server.proxy;

import io.selvage.loadbalancer.IdlePool;
import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Upstream;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.PeerConnection;
import io.selvage.server.net.Connection;
import io.selvage.server.net.Io;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The peers that requests are passed to, and the connections to them. Safe for any number of threads.
public final class PeerGroup implements AutoCloseable {
    private final UpstreamSpec configured;
    private final Function<Exchange, byte[]> key;
    private final PeerStates states;
    private final Io io;
    private final List<IdlePool<PeerConnection>> idle;     // one for each place where connections live

    private volatile Balanced balanced;                    // replaced as a whole when names resolve to something else

    /// @param addresses of its peers, as they are connected to
    private record Balanced(Upstream upstream, Map<String, SocketAddress> addresses) {
    }

    /// @param configured its peers may be named by hosts, which are nobody until [#resolved] says who they are
    /// @param key what a policy that goes by a key chooses by
    /// @param keepAlive for each place of `io`
    /// @param states where the live states of the peers are kept
    public PeerGroup(UpstreamSpec configured, Function<Exchange, byte[]> key, KeepAlive keepAlive, PeerStates states, Io io) {
        this.configured = configured;
        this.key = key;
        this.states = states;
        this.io = io;
        this.idle = Stream.generate(() -> new IdlePool<PeerConnection>(keepAlive, System::nanoTime)).limit(io.places()).toList();
        this.balanced = balanced(PeerNames.resolved(configured, _ -> List.of()));
    }

    public String name() {
        return configured.name();
    }

    /// The peers as they are to be chosen from now; one request stays with one such object.
    public Upstream upstream() {
        return balanced.upstream();
    }

    /// What was configured, host names included.
    UpstreamSpec configured() {
        return configured;
    }

    /// Puts these peers in the place of those that were there.
    void replacePeers(UpstreamSpec resolved) {
        if (!resolved.equals(balanced.upstream().spec())) {
            balanced = balanced(resolved);
        }
    }

    byte[] key(Exchange exchange) {
        return key.apply(exchange);
    }

    /// A connection that was used before, is still open and brought nothing unasked.
    Optional<PeerConnection> idle(String address) {
        while (true) {
            Optional<PeerConnection> taken = here().take(address);
            if (taken.isEmpty() || taken.get().isReusable()) {
                return taken;
            }
            taken.get().close();
        }
    }

    /// A new connection.
    ///
    /// @throws Failure with nothing sent
    PeerConnection connect(String address, Duration patience) throws Failure {
        try {
            Connection connection = io.connector().connect(socketAddress(address), patience);
            return new PeerConnection(connection, address);
        } catch (TimedOut e) {
            throw notConnected(Failure.What.TIMED_OUT, e);
        } catch (IOException e) {
            throw notConnected(Failure.What.REFUSED, e);
        }
    }

    /// Of a peer that is none any more, too: its name may have got other addresses since it was chosen.
    private SocketAddress socketAddress(String address) {
        SocketAddress known = balanced.addresses().get(address);
        return known == null ? PeerAddress.parse(address) : known;
    }

    private static Failure notConnected(Failure.What what, Exception why) {
        return new Failure(Failure.Where.UPSTREAM, what, true, "connect() failed (" + why.getMessage() + ")", why);
    }

    /// Keeps a connection that may carry another request, or closes one.
    void giveBack(PeerConnection connection) {
        here().give(connection.address(), connection, new IdlePool.Facts(connection.openedNanos(), connection.exchanges()))
                .ifPresent(PeerConnection::close);
    }

    /// Closes the connections that have been idle for too long.
    void closeExpired() {
        idle.forEach(pool -> pool.expired(System.nanoTime()).forEach(PeerConnection::close));
    }

    /// Closes the idle connections now, and those in use as they are given back. Requests still find peers.
    @Override
    public void close() {
        idle.forEach(pool -> pool.drain().forEach(PeerConnection::close));
    }

    private IdlePool<PeerConnection> here() {
        return idle.get(io.place());
    }

    private Balanced balanced(UpstreamSpec spec) {
        Map<String, SocketAddress> addresses = spec.peers().stream().map(PeerSpec::address).distinct()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), PeerAddress::parse));
        return new Balanced(new Upstream(spec, states, System::nanoTime, new SplittableRandom()), addresses);
    }
}
