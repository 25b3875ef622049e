package io.selvage.server.wiring;

import io.selvage.server.http.EntryPoint;
import io.selvage.server.observe.ErrorLog;
import java.net.SocketAddress;
import java.util.Optional;

/// The entry point for the requests of one connection. Belongs to the connection's thread, except [#isUnder].
final class ConnectionRoute {
    private final CurrentConfig current;
    private final SocketAddress listening;
    private final SocketAddress local;
    private volatile RuntimeConfig config;                 // the configuration of `entry`; written by the connection's thread
    private EntryPoint entry;
    private final ListenerRoute accepted;                  // when the connection was accepted

    private ConnectionRoute(CurrentConfig current, RuntimeConfig config, ListenerRoute route,
            SocketAddress listening, SocketAddress local) {
        this.current = current;
        this.config = config;
        this.entry = route.entry();
        this.accepted = route;
        this.listening = listening;
        this.local = local;
    }

    /// @param current the current configuration; a reload replaces it
    /// @param listening the address of the listening socket
    /// @param local the address that the client connected to
    /// @return empty if the configuration no longer has that address
    static Optional<ConnectionRoute> find(CurrentConfig current, SocketAddress listening, SocketAddress local) {
        RuntimeConfig config = current.get();
        return config.route(listening, local)
                .map(route -> new ConnectionRoute(current, config, route, listening, local));
    }

    /// Whether the connection begins with a header of the PROXY protocol.
    boolean isProxyProtocol() {
        return accepted.proxyProtocol();
    }

    /// How TLS is spoken on the connection; empty for none.
    Optional<ListenerRoute.Tls> tls() {
        return Optional.ofNullable(accepted.tls());
    }

    /// The error log for what happens before a request.
    ErrorLog errors() {
        return accepted.errors();
    }

    /// Whether the client may speak HTTP/2.
    boolean isHttp2() {
        return accepted.http2();
    }

    /// True if the last request was or is served under this configuration. Any thread.
    boolean isUnder(RuntimeConfig other) {
        return config == other;
    }

    /// The entry point for the next request. Called once for each request; a request ends under the configuration with which it
    /// started. If a reload removed the address, the connection keeps its last entry point.
    EntryPoint entry() {
        RuntimeConfig now = current.get();
        if (now != config) {
            config = now;
            entry = now.route(listening, local).map(ListenerRoute::entry).orElse(entry);
        }
        return entry;
    }
}
