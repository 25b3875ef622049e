package io.selvage.server.wiring;

import io.selvage.server.config.Config;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.module.EventsSettings;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.ServerState;
import io.selvage.server.net.ListenOptions;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.LatencyFiles;
import io.selvage.server.observe.LogFile;
import io.selvage.server.proxy.PeerGroup;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A configuration that is ready to serve. Immutable; nothing of it runs by itself.
///
/// @param config what it was made of
/// @param routes what answers at which address
/// @param groups the peers
/// @param errorLog for what concerns no site
/// @param logs every log file it writes, and how its lines are collected
/// @param latencies every latency log it writes
record RuntimeConfig(Config config, Map<SocketAddress, ListenerRoute> routes, List<PeerGroup> groups, ErrorLog errorLog,
        Map<Path, LogFile.Buffering> logs, Set<LatencyFiles.Name> latencies) {
    /// What answers on a connection. A specific address takes precedence over the wildcard of its port.
    ///
    /// @param listening the address of the listening socket
    /// @param local the address that the client connected to
    /// @return nothing where this configuration does not listen
    Optional<EntryPoint> entry(SocketAddress listening, SocketAddress local) {
        ListenerRoute specific = isWildcard(listening) ? routes.get(local) : null;
        return Optional.ofNullable(specific == null ? routes.get(listening) : specific).map(ListenerRoute::entry);
    }

    /// What must be bound: an address is left out where all addresses of its family and port are, unless it has socket options
    /// of its own. Then both are bound, which the system allows only with `reuseport`.
    List<SocketAddress> listening() {
        return routes.keySet().stream().filter(address -> isWildcard(address) || !isCovered(address)).toList();
    }

    /// How to listen on one of them.
    ListenOptions options(SocketAddress address) {
        return Objects.requireNonNull(routes.get(address), address::toString).listen();
    }

    /// How many connections of clients there may be on all addresses together. `worker_connections` is for each worker; here all
    /// share one count. However many are asked for, there are no more than descriptors suffice for, with one for each client and
    /// one for its peer.
    int maxConnections() {
        long asked = (long) EventsSettings.of(config).workerConnections() * MainSettings.of(config).workers().resolved();
        return Math.clamp(asked, 1, Descriptors.ofThisProcess().connections(listening().size()));
    }

    /// Makes this the configuration that the lasting state works for: its names are looked up, and its main log is used.
    void use(ServerState state) {
        state.logs().main(errorLog);
        logs.forEach((path, buffering) -> state.logs().file(path).buffering(buffering));
        groups.forEach(state.upkeep()::add);
    }

    /// Releases what the next configuration does not need.
    void retire(ServerState state, RuntimeConfig next) {
        groups.forEach(state.upkeep()::remove);
        groups.forEach(PeerGroup::close);
        state.logs().keepOnly(next.logs.keySet());
        state.latencies().keepOnly(next.latencies);
    }

    private boolean isCovered(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getPort() != 0
                && options(address).equals(ListenOptions.DEFAULT) && routes.keySet().stream().anyMatch(other ->
                isWildcard(other) && other instanceof InetSocketAddress any && any.getPort() == inet.getPort()
                        && any.getAddress().getClass() == inet.getAddress().getClass());
    }

    private static boolean isWildcard(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress();
    }
}
