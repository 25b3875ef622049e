package io.selvage.server.wiring;

import io.selvage.server.http.ProxyHeader;
import io.selvage.server.http1.Clock;
import io.selvage.server.http1.ProxyHeaderReader;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionHandler;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.DrainSignal;
import io.selvage.server.observe.Severity;
import io.selvage.server.tls.TlsConnection;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The clients' connections of a server, each from its accept to its end: [#serve] shows the layers that it goes through.
///
/// Thread-safe; a connection is served by its own virtual thread.
final class ClientConnections {
    private final StartGate gate;
    private final CurrentConfig current;
    private final ConnectionLimit limit;
    private final AtomicLong serials = new AtomicLong();
    private final Set<Served> served = ConcurrentHashMap.newKeySet();

    /// @param gate holds connections until the server has started
    /// @param limit counts them
    ClientConnections(StartGate gate, CurrentConfig current, ConnectionLimit limit) {
        this.gate = gate;
        this.current = current;
        this.limit = limit;
    }

    /// What serves the connections accepted at an address. It closes those to an address that a reload has just removed.
    ///
    /// @param listening the address of the listening socket
    ConnectionHandler handler(SocketAddress listening) {
        return (connection, draining) -> {
            Optional<ConnectionRoute> found = gate.route(current, listening, connection.local());
            if (found.isEmpty()) {
                return;
            }
            ConnectionPhase phase = limit.phase(connection);
            draining.whenRequested(phase::drain);
            Served each = new Served(connection, found.get(), phase);
            served.add(each);
            try {
                serve(connection, phase, draining, found.get());
            } finally {
                served.remove(each);
                phase.end();
            }
        };
    }

    /// The way of a connection: what a proxy says about its client, then TLS, then the requests.
    private void serve(Connection connection, ConnectionPhase phase, DrainSignal draining, ConnectionRoute route) {
        Optional<ProxyHeader> proxyHeader = Optional.empty();
        if (route.isProxyProtocol()) {
            proxyHeader = proxyHeader(connection, phase, route);
            if (proxyHeader.isEmpty()) {
                return;
            }
        }
        var requests = new ConnectionProtocol(phase, draining, route, serials.incrementAndGet(), proxyHeader);
        Optional<ListenerRoute.Tls> tls = route.tls();
        if (tls.isEmpty()) {
            requests.plain(connection);
            return;
        }
        var handshake = new TlsHandshake(tls.get(), route.errors(), requests.serial());
        switch (handshake.accept(connection, phase, route.entry().options().head().timeout())) {
            case TlsHandshake.Result.Encrypted(TlsConnection encrypted) -> {
                try (encrypted) {
                    requests.encrypted(encrypted);
                }
            }
            case TlsHandshake.Result.Plain() -> requests.http1(connection, tls.get()::plain);
            case TlsHandshake.Result.Failed() -> { }
        }
    }

    /// Empty for a connection that is not to be served, because it does not begin with a header of the PROXY protocol.
    private Optional<ProxyHeader> proxyHeader(Connection connection, ConnectionPhase phase, ConnectionRoute route) {
        try {
            Duration patience = route.entry().options().head().timeout();
            return new ProxyHeaderReader(Clock.SYSTEM).read(connection, phase, patience);
        } catch (ProxyHeaderReader.BrokenHeader e) {
            current.get().errorLog().log(Severity.ERROR, "broken header: " + e.getMessage()
                    + " while reading PROXY protocol, client: " + AddressText.host(connection.remote())
                    + ", server: " + AddressText.withPort(connection.local()));
        } catch (IOException _) {
            // The proxy closed the connection, or sent no header in time.
        }
        return Optional.empty();
    }

    /// Aborts the connections with a request in progress under a configuration.
    void abortBusyUnder(RuntimeConfig config) {
        served.forEach(each -> each.abortIfBusyUnder(config));
    }

    /// True while a request is in progress under a configuration.
    boolean areBusyUnder(RuntimeConfig config) {
        return served.stream().anyMatch(each -> each.isBusyUnder(config));
    }

    /// A connection that is served.
    private record Served(Connection connection, ConnectionRoute route, ConnectionPhase phase) {
        boolean isBusyUnder(RuntimeConfig config) {
            return phase.isBusy() && route.isUnder(config);
        }

        void abortIfBusyUnder(RuntimeConfig config) {
            if (isBusyUnder(config)) {
                connection.abort();
            }
        }
    }
}
