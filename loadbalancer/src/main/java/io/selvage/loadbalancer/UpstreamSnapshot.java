package io.selvage.loadbalancer;

/// The state of one peer at one moment, for display.
///
/// @param inFlight leases that are not closed
/// @param fails failures that count for `max_fails` now
/// @param available true if a request could get the peer now: not down, not left out after failures, not full
public record UpstreamSnapshot(String address, int weight, boolean backup, boolean down, int inFlight, int fails,
        boolean available, Totals totals) {
    /// Counters since the address was first used in its upstream. A lease that ended without a verdict counts in `chosen` only.
    public record Totals(long chosen, long succeeded, long failed) {
    }
}
