package io.selvage.perf.report;

import io.selvage.perf.load.Interval;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// An HdrHistogram interval log (`.hlog`), written during the run, so an early end loses at most one interval. Response times
/// have no tag, service times the tag `service`. Comments contain the counts of errors, which are in no histogram.
public final class LatencyLogFile implements AutoCloseable {
    static final String SERVICE = "service";
    static final String FAILED = "[Failed: ";
    private static final double NANOS_PER_MILLI = 1e6;

    private final OutputStream file;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final HistogramLogWriter writer = new HistogramLogWriter(new PrintStream(pending, true, StandardCharsets.UTF_8));
    private boolean headed;

    /// Creates or empties `path`.
    public LatencyLogFile(Path path) throws IOException {
        file = Files.newOutputStream(path);
    }

    /// Appends the response and service times of one interval.
    public void append(Interval interval) throws IOException {
        long base = interval.phaseStart().toEpochMilli();
        if (!headed) {
            writer.outputComment("[Selvage: response times, and service times tagged " + SERVICE + ", in nanoseconds]");
            writer.outputLogFormatVersion();
            writer.outputBaseTime(base);
            writer.outputStartTime(base);
            writer.outputLegend();
            writer.setBaseTime(base);
            headed = true;
        }
        stamp(interval.response(), interval, base);
        stamp(interval.service(), interval, base);
        interval.service().setTag(SERVICE);
        writer.outputIntervalHistogram(interval.response());
        writer.outputIntervalHistogram(interval.service());
        if (interval.counts().failed() > 0) {
            writer.outputComment(FAILED + interval.counts().problems().entrySet().stream()
                    .map(each -> each.getKey().name() + "=" + each.getValue()).collect(Collectors.joining(" ")) + "]");
        }
        pending.writeTo(file);
        pending.reset();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /// The percentile distribution of `histogram` in milliseconds, in the form of `.hgrm` files.
    public static String distribution(Histogram histogram) {
        var bytes = new ByteArrayOutputStream();
        histogram.outputPercentileDistribution(new PrintStream(bytes, true, StandardCharsets.UTF_8), NANOS_PER_MILLI);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static void stamp(Histogram histogram, Interval interval, long base) {
        histogram.setStartTimeStamp(base + interval.from().toMillis());
        histogram.setEndTimeStamp(base + interval.to().toMillis());
    }
}
