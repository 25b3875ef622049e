package io.selvage.server.engine;

import java.util.List;

/// A picture of what runs the connections.
///
/// @param mode as `io` has it
/// @param carriers none where the JDK schedules
public record CarrierSnapshot(String mode, List<OfCarrier> carriers) {
    public CarrierSnapshot {
        carriers = List.copyOf(carriers);
    }

    /// One event loop.
    ///
    /// @param connections clients' connections that live there
    /// @param queued tasks that came from outside and wait
    /// @param turns how often it has polled its channels
    /// @param tasks how many it has begun: compared with the turns, how much it finds to do at once
    /// @param lostWakeups waits that went on although there was something to do; 0, or something is wrong
    /// @param failures tasks that threw; 0, or something is wrong
    /// @param stalls when it did not poll
    public record OfCarrier(String name, int connections, int queued, long turns, long tasks, long lostWakeups,
            long failures, Stalls stalls) {
    }

    /// @param longestNanos the longest time between two polls while there was work
    /// @param stuck true if it has not polled for too long now
    /// @param episodes how often it has been stuck
    public record Stalls(long longestNanos, boolean stuck, int episodes) {
    }

    public long lostWakeups() {
        return carriers.stream().mapToLong(OfCarrier::lostWakeups).sum();
    }

    public long failures() {
        return carriers.stream().mapToLong(OfCarrier::failures).sum();
    }

    /// In one line, for a log.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("io ").append(mode);
        for (OfCarrier each : carriers) {
            text.append("; ").append(each.name()).append(": ").append(each.connections()).append(" connections, ")
                    .append(each.queued()).append(" queued, ").append(each.turns()).append(" turns, ")
                    .append(each.tasks()).append(" tasks, ")
                    .append(each.lostWakeups()).append(" lost wake-ups, ").append(each.failures()).append(" failures, ")
                    .append("longest burst ").append(each.stalls().longestNanos() / 1_000).append(" us, stuck ")
                    .append(each.stalls().episodes()).append(" times")
                    .append(each.stalls().stuck() ? ", and now" : "");
        }
        return text.toString();
    }
}
