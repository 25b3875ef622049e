package io.selvage.loadbalancer;

/// What outlier detection knows of one peer. It survives reloads.
/// Guarded by the monitor of its [UpstreamState].
final class OutlierRecord {
    private int consecutive;                               // failures since the last success
    private int good;                                      // in this interval
    private int bad;
    private long latencyNanos;                             // the sum of this interval
    private int heads;

    private boolean ejected;
    private String reason = "";
    private long sinceNanos;
    private long untilNanos;
    private int multiplier;                                // of the next ejection, minus one
    private long ejections;

    /// Records the end of a request.
    ///
    /// @return failures since the last success
    int ended(boolean success) {
        if (success) {
            good++;
            consecutive = 0;
        } else {
            bad++;
            consecutive++;
        }
        return consecutive;
    }

    /// Records how long the head of a response took.
    void took(long nanos) {
        latencyNanos += nanos;
        heads++;
    }

    /// The requests of this interval.
    int requests() {
        return good + bad;
    }

    /// The percentage of the requests in this interval that succeeded.
    double successRate() {
        return 100.0 * good / Math.max(1, requests());
    }

    int heads() {
        return heads;
    }

    /// The mean time to the head of a response in this interval.
    double meanNanos() {
        return (double) latencyNanos / Math.max(1, heads);
    }

    /// Starts another interval. One in which the peer was not ejected makes the next ejection shorter.
    void startInterval() {
        good = 0;
        bad = 0;
        latencyNanos = 0;
        heads = 0;
        if (!ejected && multiplier > 0) {
            multiplier--;
        }
    }

    boolean isEjected() {
        return ejected;
    }

    String reason() {
        return reason;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    long untilNanos() {
        return untilNanos;
    }

    long ejections() {
        return ejections;
    }

    void eject(OutlierDetection.Ejection rules, String why, long nowNanos) {
        multiplier++;
        ejections++;
        ejected = true;
        reason = why;
        sinceNanos = nowNanos;
        untilNanos = nowNanos + Math.min(rules.base().multipliedBy(multiplier).toNanos(), rules.longest().toNanos());
        consecutive = 0;
    }

    void comeBack(long nowNanos) {
        ejected = false;
        reason = "";
        sinceNanos = nowNanos;
    }
}
