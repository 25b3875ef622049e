package io.selvage.server.observe;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// Latencies of locations and peers: of the current interval, and since the start. Pure counting, without a clock; for one thread
/// at a time.
///
/// A series without a value for a day is removed.
final class LatencyHistory {
    /// The maximum number of series. Each takes 21 KiB if nothing takes longer than an eighth of a second, and 36 KiB at most:
    /// twice here, once for each carrier that counts it, and some hundred bytes for each interval with values.
    static final int MOST_SERIES = 500;

    private final LatencySeries series;
    private final Map<LatencyKey, Histogram> lifetime = new HashMap<>();   // until the current interval

    /// @param most the maximum number of series
    /// @param interval how often [#endInterval] is called
    LatencyHistory(int most, Duration interval) {
        this.series = new LatencySeries(most, (int) Duration.ofDays(1).dividedBy(interval));
    }

    /// Counts all values of a histogram.
    void add(LatencyKey key, Histogram values) {
        series.add(key, values);
    }

    /// Starts the next interval.
    ///
    /// @return the one that has ended
    Map<LatencyKey, CompactHistogram> endInterval() {
        Map<LatencyKey, CompactHistogram> ended = new HashMap<>();
        series.endInterval((key, histogram) -> {
            ended.put(key, CompactHistogram.of(histogram));
            lifetime.computeIfAbsent(key, _ -> empty()).add(histogram);
        });
        lifetime.keySet().removeIf(key -> !series.has(key));
        return ended;
    }

    /// The current interval.
    Map<LatencyKey, CompactHistogram> current() {
        Map<LatencyKey, CompactHistogram> current = new HashMap<>();
        series.current((key, histogram) -> current.put(key, CompactHistogram.of(histogram)));
        return current;
    }

    /// Copies of all series since the start.
    Map<LatencyKey, Histogram> lifetime() {
        Map<LatencyKey, Histogram> all = new HashMap<>();
        lifetime.forEach((key, histogram) -> all.put(key, histogram.copy()));
        series.current((key, histogram) -> all.computeIfAbsent(key, _ -> empty()).add(histogram));
        return all;
    }

    /// True once a location or a peer was counted among the others, because there are too many series.
    boolean isFull() {
        return series.isFull();
    }

    static Histogram empty() {
        Histogram histogram = new Histogram(LatencySeriesSet.DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }
}
