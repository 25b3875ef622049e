package io.selvage.perf.report;

import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Logs of a server, whose tags are the names of locations and peers.
class ServerLogTest {
    private static final long START = 1_800_000_000_000L;

    @TempDir
    private Path folder;

    /// An interval with a hundred values of this many milliseconds.
    private static Histogram interval(String tag, int second, Duration length, int millis) {
        Histogram interval = new Histogram(2);
        interval.setAutoResize(true);
        interval.setTag(tag);
        interval.setStartTimeStamp(START + second * 1000L);
        interval.setEndTimeStamp(START + second * 1000L + length.toMillis());
        interval.recordValueWithCount(millis * 1_000_000L, 100);
        return interval;
    }

    private static Histogram interval(String tag, int second, int millis) {
        return interval(tag, second, Duration.ofMillis(1003), millis);
    }

    private Path log(String name, Histogram... intervals) throws IOException {
        Path path = folder.resolve(name);
        try (PrintStream out = new PrintStream(path.toFile())) {
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            writer.outputBaseTime(0);
            writer.outputStartTime(START);
            writer.outputLegend();
            for (Histogram each : intervals) {
                writer.outputIntervalHistogram(each);
            }
        }
        return path;
    }

    private static List<String> text(Map<String, LogReader> logs) {
        return LogReader.series(logs).stream().map(each -> each.group() + " | " + each.name() + " | "
                + each.counts().answered() + " of " + Figures.time(each.response().getValueAtPercentile(50))).toList();
    }

    @Test
    void eachTagIsASeriesInTheDocumentedOrder() throws Exception {
        Path log = log("server.hlog", interval("peer:127.0.0.1:5000:body", 0, 4), interval("location:shop/:first-byte", 0, 30),
                interval("location:shop/", 0, 40), interval("location:shop/static", 0, 1), interval("location:shop/:queue", 0, 5),
                interval("peer:127.0.0.1:5000", 0, 33), interval("location:shop/", 1, 40),
                interval("peer:127.0.0.1:5000:failed", 1, 60));
        assertEquals(List.of(
                "locations | shop/ | 200 of 40.1 ms",
                "locations | shop/static | 100 of 1.00 ms",
                "peers | 127.0.0.1:5000 | 100 of 33.0 ms",
                "location:shop/ | queue | 100 of 5.01 ms",
                "location:shop/ | first-byte | 100 of 30.0 ms",
                "peer:127.0.0.1:5000 | body | 100 of 4.01 ms",
                "peer:127.0.0.1:5000 | failed | 100 of 60.0 ms"), text(Map.of("server", LogReader.read(List.of(log)))));
    }

    @Test
    void logsOfSeveralServersAddUpByTag() throws Exception {
        Path a = log("a.hlog", interval("location:shop/", 0, 40), interval("location:shop/b", 0, 40));
        Path b = log("b.hlog", interval("location:shop/", 0, 40));
        assertEquals(List.of("locations | shop/ | 200 of 40.1 ms", "locations | shop/b | 100 of 40.1 ms"),
                text(Map.of("both", LogReader.read(List.of(a, b)))));
    }

    @Test
    void sameTagOfTwoLogsIsSideBySide() throws Exception {
        Map<String, LogReader> logs = new LinkedHashMap<>();
        Path before = log("a.hlog", interval("location:a/", 0, 40), interval("location:b/", 0, 40));
        logs.put("before", LogReader.read(List.of(before)));
        logs.put("after", LogReader.read(List.of(log("b.hlog", interval("location:a/", 0, 20)))));
        assertEquals(List.of("locations | a/ (before) | 100 of 40.1 ms", "locations | a/ (after) | 100 of 20.1 ms",
                "locations | b/ (before) | 100 of 40.1 ms"), text(logs));
    }

    @Test
    void rateIsComputedOverTheTimeOfTheLog() throws Exception {
        Path log = log("server.hlog", interval("location:a/", 0, 40), interval("location:b/", 9, Duration.ofSeconds(1), 40));
        assertEquals(10.0, LogReader.series(Map.of("server", LogReader.read(List.of(log)))).getFirst().perSecond(), 0.001);
    }

    @Test
    void longCourseHasLongerPeriods() throws Exception {
        Histogram[] seconds = new Histogram[200];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = interval("location:a/", i, 40);
        }
        Series course = LogReader.series(Map.of("server", LogReader.read(List.of(log("a.hlog", seconds))))).getFirst();
        assertEquals(100, course.moments().size());
        assertTrue(course.moments().stream().allMatch(moment -> moment.perSecond() == 100));

        Path minutes = log("b.hlog", interval("location:a/", 0, Duration.ofSeconds(60), 40));
        Series minute = LogReader.series(Map.of("server", LogReader.read(List.of(minutes)))).getFirst();
        assertEquals(100.0 / 64, minute.moments().getFirst().perSecond());
    }

    @Test
    void droppedExchangesAreReported() throws Exception {
        Path log = log("server.hlog", interval("location:a/", 0, 40));
        Files.writeString(log, "#[Dropped: 17 exchanges were not counted]\n#[Dropped: 3 exchanges were not counted]\n",
                StandardOpenOption.APPEND);
        List<String> remarks = remarks(log);
        assertEquals("20 exchanges were not counted, because the server could not keep up", remarks.getLast());
        assertEquals(2, remarks.size());
    }

    private static List<String> remarks(Path log) throws UserError {
        return LogReader.remarks(List.of(LogReader.read(List.of(log))));
    }
}
