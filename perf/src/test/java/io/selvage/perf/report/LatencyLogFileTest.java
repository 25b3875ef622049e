package io.selvage.perf.report;

import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Interval;
import io.selvage.perf.load.Load;
import io.selvage.perf.load.LoadProblem;
import io.selvage.perf.load.Phase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LatencyLogFileTest {
    @TempDir
    private Path directory;

    @Test
    void logsOfTwoGeneratorsAddUpExactly() throws Exception {
        Path a = log("a", interval(0, Map.of(LoadProblem.TIMEOUT, 2L)), interval(1, Map.of()));
        Path b = log("b", interval(1, Map.of(LoadProblem.TIMEOUT, 3L, LoadProblem.WRONG_STATUS, 1L)), interval(2, Map.of()));
        Series sum = LogReader.series(Map.of("both", LogReader.read(List.of(a, b)))).getFirst();
        assertEquals(4_000, sum.response().getTotalCount());
        assertEquals(4_000, sum.service().getTotalCount());
        assertEquals(ReportTest.histogram(1).getValueAtPercentile(99), sum.response().getValueAtPercentile(99), 1e6);
        assertEquals(ReportTest.histogram(10).getValueAtPercentile(99), sum.service().getValueAtPercentile(99), 1e5);
        assertEquals(Map.of(LoadProblem.TIMEOUT, 5L, LoadProblem.WRONG_STATUS, 1L), sum.counts().problems());
        assertEquals(List.of(1_000.0, 2_000.0, 1_000.0), sum.moments().stream().map(moment -> moment.perSecond()).toList());
        assertEquals(4_000 / 3.0, sum.perSecond(), 0.01);
    }

    @Test
    void progressLineIsForTerminalsOnly() {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        new ProgressLine(out, false).show(interval(0, Map.of()));
        new ProgressLine(out, false).erase();
        assertEquals("", bytes.toString(StandardCharsets.UTF_8));
        new ProgressLine(out, true).show(interval(0, Map.of(LoadProblem.RESET, 4L)));
        assertTrue(bytes.toString(StandardCharsets.UTF_8)
                .endsWith("steady  1,000/s  p50 500 ms  p99 990 ms  4 errors  9 s left"), bytes.toString(StandardCharsets.UTF_8));
    }

    private Path log(String name, Interval... intervals) throws Exception {
        Path path = directory.resolve(name + ".hlog");
        try (var log = new LatencyLogFile(path)) {
            for (Interval each : intervals) {
                log.append(each);
            }
        }
        return path;
    }

    private static Interval interval(int second, Map<LoadProblem, Long> problems) {
        var phase = new Phase("steady", new Load.Open(1000), Duration.ofSeconds(10));
        return new Interval(phase, Instant.ofEpochSecond(1_800_000_000), Duration.ofSeconds(second),
                Duration.ofSeconds(second + 1), ReportTest.histogram(1), ReportTest.histogram(10),
                new Counts(1_000, 1_000, 0, problems));
    }
}
