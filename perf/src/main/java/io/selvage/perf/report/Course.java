package io.selvage.perf.report;

import io.selvage.perf.load.Measurement.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.PackedHistogram;

/// The course of a series in periods of one second. If there are too many, it merges two each, repeatedly.
final class Course {
    private final int most;
    private SortedMap<Long, Histogram> stretches = new TreeMap<>();
    private long seconds = 1;

    /// @param most the maximum number of periods
    Course(int most) {
        this.most = most;
    }

    void add(Histogram interval) {
        long length = Math.round((interval.getEndTimeStamp() - interval.getStartTimeStamp()) / 1e3);
        put(interval.getStartTimeStamp() / 1000 / seconds, interval);
        while (stretches.size() > most || seconds < length) {
            seconds *= 2;
            SortedMap<Long, Histogram> shorter = stretches;
            stretches = new TreeMap<>();
            shorter.forEach((number, histogram) -> put(number / 2, histogram));
        }
    }

    private void put(long number, Histogram histogram) {
        stretches.computeIfAbsent(number, _ -> new PackedHistogram(histogram.getNumberOfSignificantValueDigits())).add(histogram);
    }

    /// One moment for each period with a value.
    ///
    /// @param first the first second, since 1970
    List<Moment> moments(long first) {
        List<Moment> moments = new ArrayList<>();
        stretches.forEach((number, histogram) -> moments.add(new Moment(number * seconds - first + seconds,
                (double) histogram.getTotalCount() / seconds, histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99), histogram.getMaxValue(), 0)));
        return moments;
    }
}
