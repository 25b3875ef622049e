package io.selvage.perf.report;

import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Measurement;
import io.selvage.perf.load.Measurement.Moment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// One line of a report: the results of one target under one load.
///
/// @param group series with the same group, such as `at 50 %`, are compared side by side
/// @param name the target within its group
/// @param response nanoseconds from the intended departure to the complete answer
/// @param service nanoseconds from the real departure to the complete answer
/// @param figures further numbers, by name and unit, in the order of the table
public record Series(String group, String name, double perSecond, Histogram response, Histogram service, Counts counts,
                     List<Moment> moments, Map<String, Double> figures) {
    /// The 99th percentile of the lag of the generator, in microseconds.
    public static final String LAG = "lag p99 µs";

    public Series {
        moments = List.copyOf(moments);
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /// True if the lag of the generator is more than a quarter of the 99th percentile.
    public boolean doubtful() {
        return figures.getOrDefault(LAG, 0.0) * 1e3 > response.getValueAtPercentile(99) / 4.0;
    }

    /// A measurement with the lag of the generator as its only further figure.
    public static Series of(String group, String name, Measurement measured) {
        return new Series(group, name, measured.rate(), measured.response(), measured.service(), measured.counts(),
                measured.moments(), Map.of(LAG, measured.lag().getValueAtPercentile(99) / 1e3));
    }
}
