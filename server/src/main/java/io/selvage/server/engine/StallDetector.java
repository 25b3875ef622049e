package io.selvage.server.engine;

import java.util.Optional;

/// Decides at regular checks whether an event loop is stuck: its thread has worked or slept for 200 ms without progress.
///
/// Time in which the thread waited for a processor does not count. On a machine that is short of processor time a loop may make
/// no progress for long, although nothing holds it. Checks are counted rather than time measured, because a suspended machine
/// stops the checks as well.
final class StallDetector {
    /// The time between two checks, in nanoseconds.
    static final long PERIOD_NANOS = 50_000_000;
    /// The limit, in nanoseconds.
    static final long LIMIT_NANOS = 4 * PERIOD_NANOS;

    private final ThreadActivity.Source source;
    private Optional<ThreadActivity> last = Optional.empty();
    private long heldNanos;

    StallDetector(ThreadActivity.Source source) {
        this.source = source;
    }

    /// Called [#PERIOD_NANOS] after the last check.
    ///
    /// @param progress true if the loop made progress since the last check, or has nothing to do
    /// @return true if the loop is stuck
    boolean check(boolean progress) {
        if (progress) {
            heldNanos = 0;
            last = Optional.empty();
            return false;
        }
        Optional<ThreadActivity> now = source.now();
        heldNanos += now.filter(ThreadActivity::runnable).map(this::cpuSinceLast).orElse(PERIOD_NANOS);
        last = now;
        return heldNanos >= LIMIT_NANOS;
    }

    /// The processor time since the last check; none at the first check, which has nothing to compare with.
    private long cpuSinceLast(ThreadActivity now) {
        return now.cpuNanos() - last.orElse(now).cpuNanos();
    }
}
