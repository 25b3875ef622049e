package io.selvage.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBucket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Histograms of Prometheus, made from histograms of nanoseconds.
class SecondsBucketsTest {
    private static final long MILLI = 1_000_000;

    private static HistogramDataPointSnapshot of(long... nanos) {
        Histogram histogram = new Histogram(2);
        histogram.setAutoResize(true);
        LongStream.of(nanos).forEach(histogram::recordValue);
        return SecondsBuckets.of(histogram, Labels.EMPTY);
    }

    private static List<String> classic(HistogramDataPointSnapshot point) {
        return point.getClassicBuckets().stream().filter(bucket -> bucket.getCount() > 0)
                .map(SecondsBucketsTest::text).toList();
    }

    private static String text(ClassicHistogramBucket bucket) {
        return bucket.getCount() + " up to " + bucket.getUpperBound();
    }

    @Test
    void valuesAreInTheClassicBucketBelowTheirBound() {
        HistogramDataPointSnapshot point = of(90_000, 2 * MILLI, 2 * MILLI, 990 * MILLI, 3_600_000 * MILLI);
        assertEquals(List.of("1 up to 1.0E-4", "2 up to 0.0025", "1 up to 1.0", "1 up to Infinity"), classic(point));
        assertEquals(5, point.getCount());
    }

    @Test
    void sumIsExactToOnePercent() {
        SplittableRandom random = new SplittableRandom(3);
        long[] nanos = LongStream.generate(() -> random.nextLong(1000, 10_000 * MILLI)).limit(1000).toArray();
        double exact = LongStream.of(nanos).sum() / 1e9;
        assertEquals(exact, of(nanos).getSum(), exact / 100);
    }

    @Test
    void nativeBucketsContainEveryValueInTheirBounds() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 1000; i++) {
            long nanos = Math.max(2, (long) Math.exp(random.nextDouble(0, 29)));
            HistogramDataPointSnapshot point = of(nanos);
            List<NativeHistogramBucket> buckets = point.getNativeBucketsForPositiveValues().stream().toList();
            assertEquals(1, buckets.size());
            double upper = Math.pow(2, buckets.getFirst().getBucketIndex() / Math.pow(2, point.getNativeSchema()));
            double lower = Math.pow(2, (buckets.getFirst().getBucketIndex() - 1) / Math.pow(2, point.getNativeSchema()));
            double seconds = nanos / 1e9;
            assertTrue(seconds > lower * 0.99 && seconds < upper * 1.01, () -> nanos + " in " + lower + " to " + upper);
        }
    }

    @Test
    void zeroIsInTheBucketOfZero() {
        HistogramDataPointSnapshot point = of(0, 0, 900_000);
        assertEquals(2, point.getNativeZeroCount());
        assertEquals(1, point.getNativeBucketsForPositiveValues().size());
        assertEquals(List.of("2 up to 1.0E-4", "1 up to 0.001"), classic(point));
    }

    @Test
    void emptyHistogramHasNoValues() {
        assertEquals(0, of().getCount());
        assertEquals(0, of().getSum());
    }
}
