package io.selvage.server.engine;

import java.util.List;

/// The state of the engine that runs the connections.
///
/// @param mode the value of `io`: `carrier` or `jdk`
/// @param carriers empty if the JDK schedules the connections
public record CarrierSnapshot(String mode, List<OfCarrier> carriers) {
    public CarrierSnapshot {
        carriers = List.copyOf(carriers);
    }

    /// One event loop.
    ///
    /// @param connections client connections on this carrier
    /// @param queued tasks that wait in the queue
    /// @param turns number of polls of the channels
    /// @param tasks number of tasks started; tasks divided by turns is the average burst
    /// @param cpuNanos processor time that its thread has used, in steps of 10 ms; 0 where the system does not report it
    /// @param bugs what is never above 0 in a server without bugs
    /// @param stalls how long it did not poll
    public record OfCarrier(String name, int connections, int queued, long turns, long tasks, long cpuNanos,
            Bugs bugs, Stalls stalls) {
    }

    /// Faults of the engine itself.
    ///
    /// @param lostWakeups wake-ups that were lost
    /// @param failures tasks that threw
    public record Bugs(long lostWakeups, long failures) {
    }

    /// Times at which an event loop did not poll its channels.
    ///
    /// @param longestNanos the longest burst of tasks between two polls
    /// @param stuck true if the loop is stuck now
    /// @param episodes how often it was stuck
    public record Stalls(long longestNanos, boolean stuck, int episodes) {
    }

    /// The sum over all carriers; above 0 only because of a bug.
    public long lostWakeups() {
        return carriers.stream().mapToLong(each -> each.bugs().lostWakeups()).sum();
    }

    /// The sum over all carriers; above 0 only because of a bug.
    public long failures() {
        return carriers.stream().mapToLong(each -> each.bugs().failures()).sum();
    }

    /// All values in one line, for a log.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("io ").append(mode);
        for (OfCarrier each : carriers) {
            text.append("; ").append(each.name()).append(": ").append(each.connections()).append(" connections, ")
                    .append(each.queued()).append(" queued, ").append(each.turns()).append(" turns, ")
                    .append(each.tasks()).append(" tasks, ")
                    .append(each.bugs().lostWakeups()).append(" lost wake-ups, ")
                    .append(each.bugs().failures()).append(" failures, ")
                    .append("longest burst ").append(each.stalls().longestNanos() / 1_000).append(" us, stuck ")
                    .append(each.stalls().episodes()).append(" times")
                    .append(each.stalls().stuck() ? ", and now" : "");
        }
        return text.toString();
    }
}
