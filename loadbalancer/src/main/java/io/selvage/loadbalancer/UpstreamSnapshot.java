package io.selvage.loadbalancer;

/// The state of one peer at one moment, for display.
///
/// @param inFlight leases that are not closed
/// @param mostInFlight maximum number of leases now; 0 for no limit. It changes with `max_conns=auto`
/// @param health whether it gets requests, and why
public record UpstreamSnapshot(String address, int weight, boolean backup, boolean down, int inFlight, int mostInFlight,
        PeerHealth health, Totals totals) {
    /// Counters since the address was first used in its upstream. A lease that ended without a verdict counts in `chosen` only.
    public record Totals(long chosen, long succeeded, long failed) {
    }

    /// Failures that count for `max_fails` now.
    public int fails() {
        return health.fails();
    }

    /// True if a request could get the peer now.
    public boolean available() {
        return health.available();
    }
}
