package io.selvage.server.admin;

import io.selvage.server.observe.CompactHistogram;
import io.selvage.server.observe.LatencyKey;
import io.selvage.server.observe.LatencyPhase;
import io.selvage.server.observe.TrafficInterval;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// The durations of whole exchanges and attempts in some intervals, as documents: percentiles of each location, of each peer and
/// of all locations together, and how many fell into each range of durations.
final class LatencySeriesDocument {
    /// The maximum number of locations, and of peers; those with the most exchanges.
    static final int MOST_SUBJECTS = 40;

    /// The upper bounds of the ranges, in nanoseconds: 1, 2 and 5 times the powers of ten from 100 µs to 10 s. A last range has
    /// no upper bound.
    private static final long[] BOUNDS = {100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000,
        50_000_000, 100_000_000, 200_000_000, 500_000_000, 1_000_000_000L, 2_000_000_000L, 5_000_000_000L, 10_000_000_000L};
    private static final double NANOS = 1e9;
    private static final int DIGITS = 3;

    private LatencySeriesDocument() {
    }

    /// The upper bounds of the ranges, in seconds.
    static JsonArrayBuilder bounds() {
        JsonArrayBuilder bounds = JSON.createArrayBuilder();
        for (long bound : BOUNDS) {
            bounds.add(bound / NANOS);
        }
        return bounds;
    }

    /// The locations and peers with the most exchanges in some intervals.
    static Set<LatencyKey> busiest(List<TrafficInterval> intervals) {
        Map<LatencyKey, Long> counts = new HashMap<>();
        intervals.forEach(interval -> interval.latencies().forEach((key, histogram) -> {
            if (key.phase() == LatencyPhase.WHOLE) {
                counts.merge(key, histogram.count(), Long::sum);
            }
        }));
        return counts.entrySet().stream().collect(Collectors.groupingBy(each -> each.getKey().subject())).values().stream()
                .flatMap(same -> same.stream().sorted(Map.Entry.<LatencyKey, Long>comparingByValue().reversed())
                        .limit(MOST_SUBJECTS).map(Map.Entry::getKey))
                .collect(Collectors.toSet());
    }

    /// Percentiles of all intervals together.
    static JsonArrayBuilder percentiles(List<TrafficInterval> intervals) {
        return array(sums(intervals, busiest(intervals)), false);
    }

    /// Percentiles and ranges of one interval.
    static JsonArrayBuilder ranges(TrafficInterval interval, Set<LatencyKey> subjects) {
        return array(sums(List.of(interval), subjects), true);
    }

    private record Subject(String kind, String name) {
    }

    private static Map<Subject, Histogram> sums(List<TrafficInterval> intervals, Set<LatencyKey> subjects) {
        Map<Subject, Histogram> sums = new TreeMap<>(Comparator.comparing(Subject::kind).thenComparing(Subject::name));
        for (TrafficInterval interval : intervals) {
            for (LatencyKey key : subjects) {
                CompactHistogram counted = interval.latencies().get(key);
                if (counted != null) {
                    add(sums, key, counted.histogram());
                }
            }
        }
        return sums;
    }

    private static void add(Map<Subject, Histogram> sums, LatencyKey key, Histogram histogram) {
        sum(sums, new Subject(kind(key), key.name())).add(histogram);
        if (key.subject() == LatencyKey.Subject.LOCATION) {
            sum(sums, new Subject("all", "")).add(histogram);
        }
    }

    /// `location`, `peer` or `upstream`.
    static String kind(LatencyKey key) {
        return key.subject().name().toLowerCase(Locale.ROOT);
    }

    private static Histogram sum(Map<Subject, Histogram> sums, Subject subject) {
        return sums.computeIfAbsent(subject, _ -> empty());
    }

    static Histogram empty() {
        Histogram empty = new Histogram(DIGITS);
        empty.setAutoResize(true);
        return empty;
    }

    private static JsonArrayBuilder array(Map<Subject, Histogram> sums, boolean withRanges) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        sums.forEach((subject, histogram) -> {
            JsonObjectBuilder series = series(subject.kind, subject.name, histogram);
            array.add(withRanges ? series.add("buckets", buckets(histogram)) : series);
        });
        return array;
    }

    /// Count and percentiles of one series.
    ///
    /// @param subject [#kind], or `all`
    static JsonObjectBuilder series(String subject, String name, Histogram histogram) {
        return JSON.createObjectBuilder()
                .add("subject", subject)
                .add("name", name)
                .add("count", histogram.getTotalCount())
                .add("p50_seconds", histogram.getValueAtPercentile(50) / NANOS)
                .add("p90_seconds", histogram.getValueAtPercentile(90) / NANOS)
                .add("p99_seconds", histogram.getValueAtPercentile(99) / NANOS)
                .add("p999_seconds", histogram.getValueAtPercentile(99.9) / NANOS);
    }

    private static JsonArrayBuilder buckets(Histogram histogram) {
        long[] counts = new long[BOUNDS.length + 1];
        int range = 0;
        for (HistogramIterationValue value : histogram.recordedValues()) {
            while (range < BOUNDS.length && value.getValueIteratedTo() >= BOUNDS[range]) {
                range++;
            }
            counts[range] += value.getCountAtValueIteratedTo();
        }
        JsonArrayBuilder buckets = JSON.createArrayBuilder();
        for (long count : counts) {
            buckets.add(count);
        }
        return buckets;
    }
}
