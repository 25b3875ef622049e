package io.selvage.server.observe;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The series of one location, peer or upstream in the current interval. For one thread.
final class LatencySeriesSet {
    /// Two digits: the error of a value is below one percent. A histogram takes 21 KiB if no value exceeds an eighth of a
    /// second, and 36 KiB if a value is one hour.
    static final int DIGITS = 2;
    private static final LatencyPhase[] PARTS = LatencyPhase.values();
    static final long LONGEST = TimeUnit.HOURS.toNanos(1);

    private final LatencyKey[] keys = new LatencyKey[PARTS.length];
    private final @Nullable Histogram[] histograms = new Histogram[PARTS.length];   // created with the first value
    private final int[] unused = new int[histograms.length];

    LatencySeriesSet(LatencyKey.Subject subject, String upstream, String name) {
        for (LatencyPhase part : PARTS) {
            keys[part.ordinal()] = new LatencyKey(subject, upstream, name, part);
        }
    }

    boolean has(LatencyPhase part) {
        return histograms[part.ordinal()] != null;
    }

    boolean hasAny() {
        for (Histogram histogram : histograms) {
            if (histogram != null) {
                return true;
            }
        }
        return false;
    }

    /// Counts one value. Values above one hour count as one hour.
    void took(LatencyPhase part, long nanos) {
        Histogram histogram = histograms[part.ordinal()];
        (histogram == null ? create(part) : histogram).recordValue(Math.clamp(nanos, 0, LONGEST));
    }

    /// Counts all values of a histogram.
    void took(LatencyPhase part, Histogram values) {
        Histogram histogram = histograms[part.ordinal()];
        (histogram == null ? create(part) : histogram).add(values);
    }

    private Histogram create(LatencyPhase part) {
        Histogram histogram = LatencyHistory.empty();
        histograms[part.ordinal()] = histogram;
        return histogram;
    }

    /// Passes the histograms to the consumer and resets them. A histogram that was empty for this many intervals is removed.
    ///
    /// @return the number of removed histograms
    int endInterval(int patience, IntervalSink sink) {
        int gone = 0;
        for (int i = 0; i < histograms.length; i++) {
            Histogram histogram = histograms[i];
            if (histogram == null) {
                continue;
            }
            if (histogram.getTotalCount() > 0) {
                sink.take(keys[i], histogram);
                histogram.reset();
                unused[i] = 0;
            } else if (++unused[i] >= patience) {
                histograms[i] = null;
                unused[i] = 0;
                gone++;
            }
        }
        return gone;
    }

    /// Passes the histograms of the current interval, as they are now.
    void current(IntervalSink sink) {
        for (int i = 0; i < histograms.length; i++) {
            Histogram histogram = histograms[i];
            if (histogram != null && histogram.getTotalCount() > 0) {
                sink.take(keys[i], histogram);
            }
        }
    }

    /// Receives each histogram of an interval, which belongs to the series.
    @FunctionalInterface
    interface IntervalSink {
        void take(LatencyKey key, Histogram histogram);
    }
}
