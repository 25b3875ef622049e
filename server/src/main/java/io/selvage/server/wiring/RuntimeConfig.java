package io.selvage.server.wiring;

import io.selvage.server.config.Config;
import io.selvage.server.module.EventsSettings;
import io.selvage.server.module.Listen;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.ServerState;
import io.selvage.server.net.Listener;
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
import java.util.Set;

/// A configuration in working order. Immutable; nothing of it runs by itself.
///
/// @param config what it was made of
/// @param fronts who answers at which address
/// @param groups the peers
/// @param errorLog told of what concerns no site
/// @param logs every log file it writes, and how its lines are collected
/// @param latencies every latency log it writes
record RuntimeConfig(Config config, Map<SocketAddress, ListenerRoute> fronts, List<PeerGroup> groups, ErrorLog errorLog,
        Map<Path, LogFile.Buffering> logs,
        Set<LatencyFiles.Name> latencies) {
    /// Who answers on a connection. An address of its own goes before all addresses of its port.
    ///
    /// @param listening the address that was listened on
    /// @param local the address that the client came to
    ListenerRoute front(SocketAddress listening, SocketAddress local) {
        ListenerRoute own = fronts.get(local);
        return own != null && isWildcard(listening) ? own : front(listening);
    }

    private ListenerRoute front(SocketAddress listening) {
        return Objects.requireNonNull(fronts.get(listening), listening::toString);
    }

    /// What must be listened on: an address is left out where all addresses of its port are.
    List<SocketAddress> listening() {
        return fronts.keySet().stream().filter(address -> isWildcard(address) || !isCovered(address)).toList();
    }

    /// How to listen on one of them.
    Listener.Options options(SocketAddress address) {
        Listen.Options options = front(address).listen();
        return new Listener.Options(options.backlog(), maxConnections(), options.reusePort());
    }

    /// `worker_connections` is for each worker; here all share one count. However many are asked for, no more are accepted than
    /// there are
    /// descriptors for, one for the client and one for its peer each: Helidon's listener does not survive the want of one.
    private int maxConnections() {
        long asked = (long) EventsSettings.of(config).workerConnections() * MainSettings.of(config).workers().resolved();
        long possible = Descriptors.ofThisProcess().connections() / Math.max(1, listening().size());
        return (int) Math.clamp(asked, 1, Math.max(1, possible));
    }

    /// Makes this the graph that what lasts works for: names are looked up, and the main log is its own.
    void use(ServerState lasting) {
        lasting.logs().main(errorLog);
        logs.forEach((path, buffering) -> lasting.logs().file(path).buffering(buffering));
        groups.forEach(lasting.upkeep()::add);
    }

    /// Gives up what the graph that comes after it does not need.
    void retire(ServerState lasting, RuntimeConfig next) {
        groups.forEach(lasting.upkeep()::remove);
        groups.forEach(PeerGroup::close);
        lasting.logs().keepOnly(next.logs.keySet());
        lasting.latencies().keepOnly(next.latencies);
    }

    private boolean isCovered(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getPort() != 0 && fronts.keySet().stream().anyMatch(other ->
                isWildcard(other) && other instanceof InetSocketAddress any && any.getPort() == inet.getPort()
                        && any.getAddress().getClass() == inet.getAddress().getClass());
    }

    private static boolean isWildcard(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress();
    }
}
