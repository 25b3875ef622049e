package io.selvage.loadbalancer;

import java.time.Duration;

/// Whether a peer gets requests at one moment, and why, for display.
///
/// @param state what decides whether it gets requests
/// @param reason why it is in this state, for people; empty if there is nothing to say
/// @param age how long it has been in this state, as far as that is known
/// @param available true if a request could get the peer now
/// @param fails failures that count for `max_fails` now
/// @param probes the results of its active health checks
/// @param ejections how often outlier detection left it out
public record PeerHealth(State state, String reason, Duration age, boolean available, int fails, Probes probes, long ejections) {
    /// What decides whether a peer gets requests; the first that applies.
    public enum State {
        /// It is marked `down`.
        DOWN,
        /// It gets only requests that are bound to it.
        DRAINING,
        /// An active health check has failed.
        UNHEALTHY,
        /// A mandatory health check has no result yet.
        CHECKING,
        /// Outlier detection has left it out.
        EJECTED,
        /// It is left out after `max_fails` failures.
        UNAVAILABLE,
        /// It has `max_conns` requests.
        BUSY,
        /// It gets requests.
        UP
    }

    /// Probes since the address was first used in its upstream.
    ///
    /// @param checks all of them
    /// @param fails those that failed
    /// @param unhealthy how often the peer became unhealthy
    /// @param lastPassed whether the last one passed; true if there was none
    public record Probes(long checks, long fails, long unhealthy, boolean lastPassed) {
    }
}
