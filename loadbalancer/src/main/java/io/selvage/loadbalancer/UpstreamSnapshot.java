package io.selvage.loadbalancer;

/// One peer at one moment, for people.
///
/// @param inFlight leases which are not closed
/// @param fails failures which count for `max_fails` now
/// @param available whether a request which has not tried it could get it now: not down, not resting, not full
public record UpstreamSnapshot(String address, int weight, boolean backup, boolean down, int inFlight, int fails,
        boolean available,
                       Totals totals) {
    /// Counts since the address was first seen in its upstream. A lease which ended without a verdict is in `chosen` only.
    public record Totals(long chosen, long succeeded, long failed) {
    }
}
