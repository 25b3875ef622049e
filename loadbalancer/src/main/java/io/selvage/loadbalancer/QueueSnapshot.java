package io.selvage.loadbalancer;

import java.time.Duration;

/// The queue of one upstream at one moment, for display.
///
/// @param length requests that wait now, of all configurations
/// @param most maximum of `length`; 0 if the upstream has no queue
/// @param longestWait how long the first of them has waited
/// @param lastWait how long the request waited that got a peer most recently
public record QueueSnapshot(int length, int most, Duration longestWait, Duration lastWait, Totals totals) {
    /// Counters since the name of the upstream was first used.
    ///
    /// @param served requests that got a peer after they had waited
    /// @param refused requests that found the queue full
    /// @param expired requests that waited for the whole timeout
    /// @param left requests whose client left while they waited
    public record Totals(long served, long refused, long expired, long left) {
    }
}
