package io.selvage.server.wiring;

import io.selvage.server.acme.CertificateSpec;
import io.selvage.server.acme.IssuerSpec;
import io.selvage.server.config.Config;
import io.selvage.server.module.EventsSettings;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.MetricsSettings;
import io.selvage.server.module.ServerState;
import io.selvage.server.net.ListenOptions;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.LatencyFiles;
import io.selvage.server.observe.LogFile;
import io.selvage.server.proxy.PeerGroup;
import io.selvage.server.tls.KeyPairFiles;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A configuration that is ready to serve. Immutable; it runs no threads.
///
/// @param config the configuration as read
/// @param routes by listening address
/// @param groups the peer groups
/// @param errorLog for messages that belong to no site
/// @param logs its log files and their buffering
/// @param latencies its latency logs
/// @param orders the certificates that its sites order
/// @param certificates the files of its certificates
record RuntimeConfig(Config config, Map<SocketAddress, ListenerRoute> routes, List<PeerGroup> groups, ErrorLog errorLog,
        Map<Path, LogFile.Buffering> logs, Set<LatencyFiles.Name> latencies, Map<IssuerSpec, List<CertificateSpec>> orders,
        Set<KeyPairFiles> certificates) {
    /// What is configured for a connection. A specific address takes precedence over the wildcard address of its port.
    ///
    /// @param listening the address of the listening socket
    /// @param local the address that the client connected to
    /// @return empty if this configuration has no such address
    Optional<ListenerRoute> route(SocketAddress listening, SocketAddress local) {
        ListenerRoute specific = isWildcard(listening) ? routes.get(local) : null;
        return Optional.ofNullable(specific == null ? routes.get(listening) : specific);
    }

    /// The addresses to bind. A specific address is left out if the wildcard address of its family and port is bound, unless it
    /// has socket options of its own. Then both are bound, which the system allows only with `reuseport`.
    List<SocketAddress> listening() {
        return routes.keySet().stream().filter(address -> isWildcard(address) || !isCovered(address)).toList();
    }

    /// Whether TLS is spoken at an address.
    boolean usesTls() {
        return routes.values().stream().anyMatch(route -> route.tls() != null);
    }

    /// The socket options of an address.
    ListenOptions options(SocketAddress address) {
        return Objects.requireNonNull(routes.get(address), address::toString).listen();
    }

    /// The most client connections on all addresses together: `worker_connections` times the number of event loops, which share
    /// one count. File descriptors limit the number further ([Descriptors]).
    int maxConnections() {
        return Math.clamp(workerConnections(), 1, mostConnections());
    }

    private long workerConnections() {
        return (long) EventsSettings.of(config).workerConnections() * MainSettings.of(config).workers().resolved();
    }

    private int mostConnections() {
        return Descriptors.ofThisProcess().connections(listening().size(), groups.stream().mapToLong(PeerGroup::mostIdle).sum());
    }

    /// Makes the state of the process work for this configuration: its host names are resolved, and its main log is used.
    /// Warns if it asks for more connections than there are descriptors.
    void use(ServerState state) {
        state.logs().main(errorLog);
        if (workerConnections() > mostConnections()) {
            long files = Descriptors.ofThisProcess().most();
            state.logs().warn(workerConnections() + " worker_connections exceed the limit of " + files
                    + " open files: at most " + maxConnections() + " clients are connected at once");
        }
        logs.forEach((path, buffering) -> state.logs().file(path).buffering(buffering));
        state.upkeep().add(groups);
        state.startStores();
        state.order(orders);
        state.export(config);
        state.probes().use(groups);
    }

    /// Closes the peer groups and the logs that the next configuration does not use.
    void retire(ServerState state, RuntimeConfig next) {
        state.upkeep().remove(groups);
        groups.forEach(PeerGroup::close);
        state.logs().keepOnly(next.logs.keySet());
        state.latencies().keepOnly(next.latencies);
        state.certificates().keepOnly(next.certificates);
        state.keepStores(next.config);
        if (!MetricsSettings.areWanted(next.config)) {
            state.metrics().stop();
        }
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
