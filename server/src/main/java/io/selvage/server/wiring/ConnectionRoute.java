package io.selvage.server.wiring;

import io.selvage.server.http.EntryPoint;
import java.net.SocketAddress;
import java.util.Optional;

/// Where a connection was accepted, and what answers its requests. Belongs to the connection's thread.
final class ConnectionRoute {
    private final CurrentConfig current;
    private final SocketAddress listening;
    private final SocketAddress local;
    private RuntimeConfig config;                          // the one that `entry` is of
    private EntryPoint entry;

    private ConnectionRoute(CurrentConfig current, RuntimeConfig config, EntryPoint entry,
            SocketAddress listening, SocketAddress local) {
        this.current = current;
        this.config = config;
        this.entry = entry;
        this.listening = listening;
        this.local = local;
    }

    /// @param current the configuration in force; a reload replaces it
    /// @param listening the address of the listening socket
    /// @param local the address that the client connected to
    /// @return nothing where the configuration no longer listens
    static Optional<ConnectionRoute> find(CurrentConfig current, SocketAddress listening, SocketAddress local) {
        RuntimeConfig config = current.get();
        return config.entry(listening, local)
                .map(entry -> new ConnectionRoute(current, config, entry, listening, local));
    }

    /// What answers the next request. Called once for each request, which ends in the configuration in which it began. A
    /// connection to an address that a reload has left keeps what answered there.
    EntryPoint entry() {
        RuntimeConfig now = current.get();
        if (now != config) {
            config = now;
            entry = now.entry(listening, local).orElse(entry);
        }
        return entry;
    }
}
