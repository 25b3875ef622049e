package io.selvage.server.admin;

import io.selvage.server.observe.LatencyKey;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// What `/api/latency` answers.
final class LatencyDocument {
    private static final double NANOS = 1e9;
    private static final double NANOS_IN_MILLIS = 1e6;
    private static final int STEPS_IN_HALF = 5;

    private LatencyDocument() {
    }

    /// @param window as it was asked for
    static JsonObject of(Map<LatencyKey, Histogram> series, String window) {
        return JSON.createObjectBuilder()
                .add("window", window)
                .add("series", Documents.array(ordered(series), each -> series(each.getKey(), each.getValue())))
                .build();
    }

    /// By tag. What a peer did in several upstreams is added up.
    private static List<Map.Entry<LatencyKey, Histogram>> ordered(Map<LatencyKey, Histogram> series) {
        Map<String, Map.Entry<LatencyKey, Histogram>> byTag = new TreeMap<>();
        series.forEach((key, histogram) -> {
            if (histogram.getTotalCount() > 0) {
                byTag.computeIfAbsent(key.tag(), _ -> Map.entry(key, LatencySeriesDocument.empty())).getValue().add(histogram);
            }
        });
        return List.copyOf(byTag.values());
    }

    private static JsonObject series(LatencyKey key, Histogram histogram) {
        return LatencySeriesDocument.series(LatencySeriesDocument.kind(key), key.name(), histogram)
                .add("series", key.tag())
                .add("phase", key.phase().name().toLowerCase(Locale.ROOT))
                .add("max_seconds", histogram.getMaxValue() / NANOS)
                .build();
    }

    /// An HdrHistogram log with one tagged line for each series, in nanoseconds.
    static String log(Map<LatencyKey, Histogram> series, Instant now) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(new PrintStream(bytes, true, StandardCharsets.ISO_8859_1));
        writer.outputLogFormatVersion();
        writer.outputComment("[latencies in nanoseconds, " + now + "]");
        writer.outputLegend();
        ordered(series).forEach(each -> {
            Histogram histogram = each.getValue();
            histogram.setTag(each.getKey().tag());
            histogram.setStartTimeStamp(now.toEpochMilli());
            histogram.setEndTimeStamp(now.toEpochMilli());
            writer.outputIntervalHistogram(histogram);
        });
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /// The percentile distribution of one series, in milliseconds.
    ///
    /// @param tag of the series
    /// @throws ApiProblem if there is none
    static String distribution(Map<LatencyKey, Histogram> series, String tag) {
        Histogram found = ordered(series).stream().filter(each -> each.getKey().tag().equals(tag)).findFirst()
                .map(Map.Entry::getValue)
                .orElseThrow(() -> ApiProblem.notFound("there are no values of the series \"" + tag + "\" in this window"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        found.outputPercentileDistribution(new PrintStream(bytes, true, StandardCharsets.ISO_8859_1), STEPS_IN_HALF,
                NANOS_IN_MILLIS);
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
