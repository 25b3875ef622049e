package io.selvage.server.observe;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// A location or a peer, and what its exchanges took in the interval that runs. For one thread.
final class LatencySeriesSet {
    /// Two digits: a value is told with an error below one percent. A histogram takes 21 KiB as long as nothing takes longer than
    /// an eighth of a second, and 36 KiB when something takes an hour.
    private static final int DIGITS = 2;
    private static final LatencyPhase[] PARTS = LatencyPhase.values();
    static final long LONGEST = TimeUnit.HOURS.toNanos(1);

    private final String tag;
    private final @Nullable Histogram[] histograms = new Histogram[PARTS.length];   // made when first needed
    private final int[] unused = new int[histograms.length];

    /// @param tag of the series of the whole time; those of the parts begin with it
    LatencySeriesSet(String tag) {
        this.tag = tag;
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

    /// Counts one value. What lasts longer than an hour counts as an hour.
    void took(LatencyPhase part, long nanos) {
        Histogram histogram = histograms[part.ordinal()];
        if (histogram == null) {
            histogram = new Histogram(DIGITS);
            histogram.setAutoResize(true);
            histograms[part.ordinal()] = histogram;
        }
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST));
    }

    /// Hands out what was counted and begins anew. A histogram that stayed empty for so many intervals is let go of.
    ///
    /// @return how many were let go of
    int endInterval(int patience, IntervalSink sink) {
        int gone = 0;
        for (int i = 0; i < histograms.length; i++) {
            Histogram histogram = histograms[i];
            if (histogram == null) {
                continue;
            }
            if (histogram.getTotalCount() > 0) {
                histogram.setTag(tag + PARTS[i].suffix());
                sink.take(histogram);
                histogram.reset();                         // its tag goes as well
                unused[i] = 0;
            } else if (++unused[i] >= patience) {
                histograms[i] = null;
                unused[i] = 0;
                gone++;
            }
        }
        return gone;
    }

    /// Gets each histogram of an interval, which is emptied afterwards.
    @FunctionalInterface
    interface IntervalSink {
        void take(Histogram histogram);
    }
}
