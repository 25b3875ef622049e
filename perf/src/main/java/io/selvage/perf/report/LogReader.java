package io.selvage.perf.report;

import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Counts;
import io.selvage.perf.load.LoadProblem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/// Reads histogram logs, and adds up several as if one generator had written them. The log of a load generator is one series,
/// that of a server one series for each tag. For one thread.
public final class LogReader {
    private static final String DROPPED = "[Dropped: ";
    /// The maximum number of periods in the course of a series of a server, of which there may be many.
    private static final int STRETCHES = 120;

    private final Histogram response = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final Histogram service = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final Course course = new Course(Integer.MAX_VALUE);
    private final SortedMap<Tag, Times> tagged = new TreeMap<>(Tag.ORDER);
    private final Map<LoadProblem, Long> problems = new EnumMap<>(LoadProblem.class);
    private long dropped;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    private LogReader() {
    }

    /// Reads the sum of `files`.
    ///
    /// @throws UserError if one of them is not a histogram log
    public static LogReader read(List<Path> files) throws UserError {
        var reader = new LogReader();
        for (Path file : files) {
            reader.add(file);
        }
        return reader;
    }

    private void add(Path file) throws UserError {
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
                if (line.startsWith("#" + LatencyLogFile.FAILED)) {
                    addProblems(line.substring(1 + LatencyLogFile.FAILED.length(), line.length() - 1));
                } else if (line.startsWith("#" + DROPPED)) {
                    dropped += Long.parseLong(line.substring(1 + DROPPED.length()).split(" ")[0]);
                }
            }
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw new UserError(file + ": no such file");
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage());
        } catch (RuntimeException e) {
            // the type of the exception depends on the position of the mistake
            throw new UserError(file + ": not a histogram log: " + e.getMessage());
        }
        if (!any) {
            throw new UserError(file + ": not a histogram log: it has no interval");
        }
    }

    private void add(Histogram interval) {
        String tag = interval.getTag();
        if (LatencyLogFile.SERVICE.equals(tag)) {
            service.add(interval);
            return;
        }
        first = Math.min(first, interval.getStartTimeStamp());
        last = Math.max(last, interval.getEndTimeStamp());
        if (tag == null) {
            response.add(interval);
            course.add(interval);
        } else {
            tagged.computeIfAbsent(Tag.parse(tag), _ -> Times.none()).add(interval);
        }
    }

    private void addProblems(String text) {
        for (String each : text.split(" ")) {
            String[] pair = each.split("=");
            problems.merge(LoadProblem.valueOf(pair[0]), Long.parseLong(pair[1]), Long::sum);
        }
    }

    /// The series of several logs: first those of load generators, then those of each tag side by side. With several logs, the
    /// name of the log follows the tag.
    public static List<Series> series(Map<String, LogReader> logs) {
        var all = new ArrayList<Series>();
        logs.forEach((name, log) -> {
            if (log.tagged.isEmpty() || log.response.getTotalCount() > 0) {
                all.add(log.series("logs", name, new Times(log.response, log.course), log.service, log.problems));
            }
        });
        SortedSet<Tag> tags = new TreeSet<>(Tag.ORDER);
        logs.values().forEach(log -> tags.addAll(log.tagged.keySet()));
        for (Tag tag : tags) {
            logs.forEach((name, log) -> {
                Times times = log.tagged.get(tag);
                if (times != null) {
                    String text = tag.name() + (logs.size() > 1 ? " (" + name + ")" : "");
                    all.add(log.series(tag.group(), text, times, new Histogram(2), Map.of()));
                }
            });
        }
        return all;
    }

    private Series series(String group, String name, Times times, Histogram service, Map<LoadProblem, Long> problems) {
        long count = times.sum().getTotalCount();
        double perSecond = count * 1e3 / Math.max(1, last - first);
        return new Series(group, name, perSecond, times.sum(), service, new Counts(count, count, 0, problems),
                times.course().moments(first / 1000), Map.of());
    }

    /// Remarks that a reader of these logs needs.
    public static List<String> remarks(Collection<LogReader> logs) {
        var remarks = new ArrayList<String>();
        if (logs.stream().anyMatch(log -> !log.tagged.isEmpty())) {
            remarks.add("the logs of servers include failed requests; their column of errors is empty");
        }
        long dropped = logs.stream().mapToLong(log -> log.dropped).sum();
        if (dropped > 0) {
            remarks.add(dropped + " exchanges were not counted, because the server could not keep up");
        }
        return remarks;
    }

    /// All values, and their course.
    private record Times(Histogram sum, Course course) {
        static Times none() {
            var sum = new Histogram(2);
            sum.setAutoResize(true);
            return new Times(sum, new Course(STRETCHES));
        }

        void add(Histogram interval) {
            sum.add(interval);
            course.add(interval);
        }
    }
}
