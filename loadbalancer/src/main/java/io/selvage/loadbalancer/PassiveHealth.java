package io.selvage.loadbalancer;

/// The health of a peer, derived from failures of real requests: nginx's `max_fails` and `fail_timeout`.
///
/// Failures add up until a success on a peer whose last check is more than `fail_timeout` after its last failure.
/// A check is a failure, or the first choice of the peer after `fail_timeout` without one. A peer with `max_fails` failures is
/// left out. When `fail_timeout` has passed since the last check, it gets one request, which is a check.
///
/// Times are in nanoseconds of the clock of the upstream. Guarded by the monitor of its [UpstreamState].
final class PassiveHealth {
    private int fails;
    private long failedNanos;
    private long checkedNanos;

    PassiveHealth(long nowNanos) {
        failedNanos = nowNanos;
        checkedNanos = nowNanos;
    }

    /// True if the peer must be left out now.
    boolean resting(long nowNanos, int maxFails, long failTimeoutNanos) {
        return maxFails > 0 && fails >= maxFails && nowNanos - checkedNanos <= failTimeoutNanos;
    }

    /// Records that the peer was chosen.
    void chosen(long nowNanos, long failTimeoutNanos) {
        if (nowNanos - checkedNanos > failTimeoutNanos) {
            checkedNanos = nowNanos;
        }
    }

    /// Records that the peer was chosen although it is left out, which is a check.
    void tried(long nowNanos) {
        checkedNanos = nowNanos;
    }

    void failed(long nowNanos) {
        fails++;
        failedNanos = nowNanos;
        checkedNanos = nowNanos;
    }

    void succeeded() {
        if (checkedNanos - failedNanos > 0) {
            fails = 0;
        }
    }

    /// Forgets all failures, since something else has shown that the peer is well.
    void recovered() {
        fails = 0;
    }

    int fails() {
        return fails;
    }

    /// The time of the last check.
    long checkedNanos() {
        return checkedNanos;
    }
}
