package io.selvage.server.proxy;

import io.selvage.loadbalancer.HealthCheck;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.server.net.Io;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/// An active health check of one configuration: the peers, when they are probed, and how.
public final class HealthProbe implements AutoCloseable {
    private final PeerGroup group;
    private final HealthCheck check;
    private final Schedule schedule;
    private final Probe probe;

    /// When a peer is probed.
    ///
    /// @param interval from the start of a probe to the start of the next one
    /// @param jitter added at random, up to this
    /// @param timeout after which a probe has failed
    public record Schedule(Duration interval, Duration jitter, Duration timeout) {
    }

    HealthProbe(PeerGroup group, HealthCheck check, Schedule schedule, Probe probe) {
        this.group = group;
        this.check = check;
        this.schedule = schedule;
        this.probe = probe;
    }

    /// A health check by connecting only (`type=tcp`).
    ///
    /// @param port instead of the peer's own; 0 for that one
    public static HealthProbe tcp(PeerGroup group, HealthCheck check, Schedule schedule, int port, Io io) {
        return new HealthProbe(group, check, schedule, new TcpProbe(io, port, schedule.timeout()));
    }

    PeerGroup group() {
        return group;
    }

    HealthCheck check() {
        return check;
    }

    Schedule schedule() {
        return schedule;
    }

    Probe probe() {
        return probe;
    }

    /// The peers as they are now; those that are marked down are not probed.
    Set<String> addresses() {
        return group.upstream().spec().peers().stream().filter(peer -> !peer.down()).map(PeerSpec::address)
                .collect(Collectors.toSet());
    }

    /// Closes connections that were idle for too long.
    void closeExpired() {
        if (probe instanceof RequestProbe requests) {
            requests.closeExpired();
        }
    }

    /// Closes its connections. A probe that is under way ends as usual.
    @Override
    public void close() {
        if (probe instanceof RequestProbe requests) {
            requests.close();
        }
    }
}
