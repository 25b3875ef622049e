package io.selvage.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/// Turns a histogram of nanoseconds into a histogram of seconds for Prometheus, with classic and native buckets. A value counts
/// as the middle of its bucket in the histogram of nanoseconds, which differs from it by less than one percent.
final class SecondsBuckets {
    /// The upper bounds of the classic buckets. Those below a millisecond are for files, those of seconds for applications.
    private static final double[] BOUNDS = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
        2.5, 5, 10, 30, 60, Double.POSITIVE_INFINITY};
    /// Eight native buckets for each power of two: a quantile differs by at most 4.5 percent.
    private static final int SCHEMA = 3;
    private static final double SECOND = 1e9;
    /// Values in the native bucket of zero; no clock measures less.
    private static final double ZERO_THRESHOLD = 1e-9;

    private final long[] classic = new long[BOUNDS.length];
    private final SortedMap<Integer, Long> exponential = new TreeMap<>();
    private long zeros;
    private double sum;

    private SecondsBuckets() {
    }

    static HistogramDataPointSnapshot of(Histogram nanos, Labels labels) {
        SecondsBuckets buckets = new SecondsBuckets();
        for (HistogramIterationValue value : nanos.recordedValues()) {
            buckets.add(nanos.medianEquivalentValue(value.getValueIteratedTo()) / SECOND, value.getCountAtValueIteratedTo());
        }
        return buckets.dataPoint(labels);
    }

    private void add(double seconds, long count) {
        sum += seconds * count;
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        classic[bucket] += count;
        if (seconds <= ZERO_THRESHOLD) {
            zeros += count;
        } else {
            exponential.merge(exponent(seconds), count, Long::sum);
        }
    }

    /// The number of the native bucket: `n` for values above 2^((n-1)/8), up to 2^(n/8).
    private static int exponent(double seconds) {
        return (int) Math.ceil(Math.log(seconds) / Math.log(2) * (1 << SCHEMA));
    }

    private HistogramDataPointSnapshot dataPoint(Labels labels) {
        NativeHistogramBuckets.Builder positive = NativeHistogramBuckets.builder();
        exponential.forEach(positive::bucket);
        return new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(BOUNDS, classic), SCHEMA, zeros, ZERO_THRESHOLD,
                positive.build(), NativeHistogramBuckets.EMPTY, sum, labels, Exemplars.EMPTY, 0);
    }
}
