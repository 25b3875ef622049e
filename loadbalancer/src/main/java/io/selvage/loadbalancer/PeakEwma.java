package io.selvage.loadbalancer;

/// How long a peer takes to respond, as an average that rises at once and falls slowly: a response that takes longer than the
/// average becomes the average, and a faster one lowers it by its weight, which depends on the time since the one before. Without
/// responses the average falls too, so that a peer which was slow is tried again; but it does not fall below the mean time that
/// requests without a response have waited until now.
///
/// The algorithm is that of Finagle's and Linkerd's load balancers. Times are in nanoseconds of the clock of the upstream.
/// Guarded by the monitor of its [UpstreamState].
final class PeakEwma {
    /// The average falls to 37 % in this time, so a peer that took a hundred times as long is tried again after 4.6 s.
    private static final double DECAY_NANOS = 1e9;
    /// A failure counts as a response after this time at least, so that a peer which fails fast does not look fast.
    private static final long FAILURE_NANOS = 1_000_000_000;

    private double average;
    private long atNanos;
    private boolean known;
    private int unanswered;
    private long starts;                                   // the sum of the starts of those requests

    void began(long nowNanos) {
        unanswered++;
        starts += nowNanos;
    }

    /// A request has its response, or gets none.
    void ended(long beganNanos) {
        unanswered--;
        starts -= beganNanos;
    }

    void responded(long tookNanos, long nowNanos) {
        double faded = faded(nowNanos);
        double weight = known ? 1 - weightOfPast(nowNanos) : 1;
        average = tookNanos > faded ? tookNanos : faded + (tookNanos - faded) * weight;
        atNanos = nowNanos;
        known = true;
    }

    void failed(long tookNanos, long nowNanos) {
        responded(Math.max(tookNanos, FAILURE_NANOS), nowNanos);
    }

    /// False until the first response.
    boolean isKnown() {
        return known;
    }

    /// The average now.
    double at(long nowNanos) {
        double waiting = unanswered == 0 ? 0 : (double) (unanswered * nowNanos - starts) / unanswered;
        return Math.max(faded(nowNanos), waiting);
    }

    private double faded(long nowNanos) {
        return known ? average * weightOfPast(nowNanos) : 0;
    }

    private double weightOfPast(long nowNanos) {
        return Math.exp(-Math.max(0, nowNanos - atNanos) / DECAY_NANOS);
    }
}
