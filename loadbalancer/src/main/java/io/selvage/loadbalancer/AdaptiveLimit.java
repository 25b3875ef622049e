package io.selvage.loadbalancer;

/// How many requests one peer gets at a time, found from its response times (`max_conns=auto`).
///
/// The peer's *baseline* is the mean time of ten requests that it had alone. Every 100 ms, and after ten responses at least, the
/// limit is multiplied by `1.25 * baseline / mean time`, between 0.5 and 1.25, and its square root is added. So a limit that is
/// in full use grows until responses take about a quarter longer than the baseline, and shrinks where they take longer, because
/// requests wait inside the peer. A failure takes a tenth of the limit. The gradient is that of Envoy's adaptive concurrency and
/// of Netflix' concurrency limits.
///
/// Once a minute the baseline is measured again: the peer gets one request at a time, for ten requests or three seconds. Where
/// ten requests were alone anyway, that is not needed.
///
/// Times are in nanoseconds of the clock of the upstream. Guarded by the monitor of its [UpstreamState].
final class AdaptiveLimit {
    private static final int FIRST = 4;
    private static final int MOST = 1000;
    private static final int SAMPLES = 10;
    private static final long WINDOW_NANOS = 100_000_000;
    private static final long MEASURE_AFTER_NANOS = 60_000_000_000L;
    private static final long MEASURE_FOR_NANOS = 3_000_000_000L;
    private static final double TOLERANCE = 1.25;
    private static final double LEAST_GRADIENT = 0.5;

    private final Mean alone = new Mean();
    private final Mean window = new Mean();
    private double limit = FIRST;
    private double baselineNanos;                          // 0 until it is known
    private boolean measuring = true;
    private long measuredNanos;                            // when the last measurement ended, or this one began
    private long windowNanos;                              // when the window began
    private boolean full;                                  // whether the limit was reached in the window

    /// The mean of some times.
    private static final class Mean {
        private long sum;
        private int count;

        void add(long nanos) {
            sum += nanos;
            count++;
        }

        double take() {
            double mean = (double) sum / count;
            sum = 0;
            count = 0;
            return mean;
        }
    }

    AdaptiveLimit(long nowNanos) {
        measuredNanos = nowNanos;
        windowNanos = nowNanos;
    }

    /// The limit now, from 1.
    int at(long nowNanos) {
        long since = nowNanos - measuredNanos;
        if (measuring && since >= MEASURE_FOR_NANOS && (alone.count > 0 || baselineNanos > 0)) {
            endMeasurement(nowNanos);
        } else if (!measuring && since >= MEASURE_AFTER_NANOS) {
            measuring = true;
            measuredNanos = nowNanos;
        }
        return measuring ? 1 : (int) limit;
    }

    /// A request begins.
    ///
    /// @param inFlight requests of the peer, with this one
    void began(int inFlight) {
        full |= inFlight >= (int) limit;
    }

    /// A response begins.
    ///
    /// @param wasAlone whether the peer had no other request when this one began
    void responded(long tookNanos, boolean wasAlone, long nowNanos) {
        if (wasAlone) {
            alone.add(tookNanos);
            if (alone.count >= SAMPLES) {
                endMeasurement(nowNanos);
                return;
            }
        }
        if (!measuring) {
            window.add(tookNanos);
            if (window.count >= SAMPLES && nowNanos - windowNanos >= WINDOW_NANOS) {
                adapt(window.take());
                windowNanos = nowNanos;
                full = false;
            }
        }
    }

    void failed() {
        limit = Math.max(1, limit * 0.9);
    }

    private void endMeasurement(long nowNanos) {
        if (alone.count > 0) {
            baselineNanos = Math.max(1, alone.take());
        }
        if (measuring) {
            measuring = false;
            windowNanos = nowNanos;
        }
        measuredNanos = nowNanos;
    }

    private void adapt(double meanNanos) {
        double gradient = Math.clamp(TOLERANCE * baselineNanos / meanNanos, LEAST_GRADIENT, TOLERANCE);
        double next = Math.clamp(limit * gradient + Math.sqrt(limit), 1, MOST);
        if (next < limit || full) {
            limit = next;
        }
    }
}
