package io.selvage.perf.report;

import io.selvage.perf.input.Complaint;
import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Measurement.Moment;
import io.selvage.perf.load.Problem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.PackedHistogram;

/// Histogram logs read back, one or several as if one generator had written them: histograms add up exactly, whatever machine
/// they come from. For one thread and one series.
public final class LogReader {
    private final Histogram response = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final Histogram service = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final SortedMap<Long, Histogram> seconds = new TreeMap<>();
    private final Map<Problem, Long> problems = new EnumMap<>(Problem.class);
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    private LogReader() {
    }

    /// The sum of `files` as one series of this name; a complaint when one of them is no histogram log.
    public static Series read(String name, List<Path> files) throws Complaint {
        var reader = new LogReader();
        for (Path file : files) {
            reader.add(file);
        }
        return reader.series(name);
    }

    private void add(Path file) throws Complaint {
        boolean any = false;
        try (var log = new HistogramLogReader(file.toFile())) {
            while (log.hasNext()) {
                EncodableHistogram next = log.nextIntervalHistogram();
                if (next instanceof Histogram interval) {
                    any = true;
                    add(interval);
                }
            }
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("#" + LogFile.FAILED)) {
                    addProblems(line.substring(1 + LogFile.FAILED.length(), line.length() - 1));
                }
            }
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw new Complaint(file + ": no such file");
        } catch (IOException e) {
            throw new Complaint(file + ": cannot be read: " + e.getMessage());
        } catch (RuntimeException e) {
            // what the library throws depends on where the rubbish stands
            throw new Complaint(file + ": no histogram log: " + e.getMessage());
        }
        if (!any) {
            throw new Complaint(file + ": no histogram log: it has no interval");
        }
    }

    private void add(Histogram interval) {
        if (LogFile.SERVICE.equals(interval.getTag())) {
            service.add(interval);
            return;
        }
        response.add(interval);
        first = Math.min(first, interval.getStartTimeStamp());
        last = Math.max(last, interval.getEndTimeStamp());
        seconds.computeIfAbsent(interval.getStartTimeStamp() / 1000, second -> new PackedHistogram(3)).add(interval);
    }

    private void addProblems(String text) {
        for (String each : text.split(" ")) {
            String[] pair = each.split("=");
            problems.merge(Problem.valueOf(pair[0]), Long.parseLong(pair[1]), Long::sum);
        }
    }

    private Series series(String name) {
        var moments = new ArrayList<Moment>();
        seconds.forEach((second, histogram) -> moments.add(new Moment(second - first / 1000 + 1, histogram.getTotalCount(),
                histogram.getValueAtPercentile(50), histogram.getValueAtPercentile(99), histogram.getMaxValue(), 0)));
        double perSecond = response.getTotalCount() * 1e3 / Math.max(1, last - first);
        var counts = new Counts(response.getTotalCount(), response.getTotalCount(), 0, problems);
        return new Series("logs", name, perSecond, response, service, counts, moments, Map.of());
    }
}
