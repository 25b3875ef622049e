package io.selvage.perf.report;

import io.selvage.perf.load.Counts;
import io.selvage.perf.load.LoadProblem;
import io.selvage.perf.load.Measurement.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReportTest {
    /// Response times of 1, 2, ... 1000 ms, and a tenth of them as service times.
    private static final Report REPORT = new Report("Title </script>", facts(), List.of(
            new Series("at 50 %", "nginx", 1234.4, histogram(1), histogram(10), new Counts(1000, 1000, 5000, Map.of()),
                    List.of(new Moment(1, 1000, 10, 20, 30, 0)), Map.of("CPU µs", 12.34)),
            new Series("at 50 %", "selvage", 99, histogram(1), histogram(10),
                    new Counts(1000, 1000, 5000, Map.of(LoadProblem.TIMEOUT, 2L, LoadProblem.REFUSED, 1L)), List.of(),
                    Map.of("CPU µs", Double.NaN))),
            List.of("no difference"));

    @Test
    void tableIsAligned() {
        assertEquals("""
                at 50 %  answers/s     p50     p90     p99   p99.9     max  CPU µs                errors
                nginx        1,234  500 ms  900 ms  990 ms  999 ms  1.00 s    12.3                     0
                selvage       99.0  500 ms  900 ms  990 ms  999 ms  1.00 s       -  1 refused, 2 timeout

                no difference
                """, REPORT.table());
    }

    @Test
    void textContainsMachineAndCommand() {
        String text = new Report("a race", facts().with("targets", "nginx: 1.22"), List.of(), List.of("no difference")).text();
        assertEquals("""
                a race

                no difference

                command  selvage perf run
                when     1970-01-01T00:00:00Z
                commit   0123456789ab
                cores    2 × a processor
                kernel   Linux 6
                JDK      a JDK
                targets  nginx: 1.22
                """, text);
    }

    @Test
    void commandWorksInAnotherCheckout(@TempDir Path checkout) throws IOException {
        assertEquals("selvage perf run -H 'A: it'\\''s' http://127.0.0.1:80/", ReportFacts.commandLine(
                List.of("perf", "run", "-H", "A: it's", "http://127.0.0.1:80/"), checkout));
        Files.createDirectory(checkout.resolve("deploy"));
        Files.createFile(checkout.resolve("deploy/selvage"));
        assertEquals("deploy/selvage perf race perf/scenarios/a.yaml --out=perf/results/a", ReportFacts.commandLine(
                List.of("perf", "race", checkout + "/perf/scenarios/a.yaml", "--out=" + checkout + "/perf/results/a"), checkout));
    }

    @Test
    void jsonIsSafeInsideAScript() {
        String json = REPORT.json();
        assertTrue(json.startsWith("{\"title\":\"Title \\u003c/script>\",\"facts\":{\"command\":\"selvage perf run\","), json);
        assertTrue(json.contains("\"figures\":{\"CPU µs\":null}"), json);
        assertTrue(json.contains("\"errors\":{}"), json);
    }

    @Test
    void percentileCurveRises() {
        String curve = REPORT.json().replaceFirst("(?s).*?\"responseCurve\":\\[\\[", "").replaceFirst("(?s)]].*", "");
        double last = 0;
        for (String point : curve.split("],\\[")) {
            double value = Double.parseDouble(point.split(",")[1]);
            assertTrue(value >= last, curve);
            last = value;
        }
        assertEquals(1e9, last, 1e6);
    }

    @Test
    void figuresHaveThreeDigitsAndAUnit() {
        assertEquals("0 µs", Figures.time(0));
        assertEquals("812 µs", Figures.time(812_345));
        assertEquals("4.05 ms", Figures.time(4_049_999));
        assertEquals("12.0 s", Figures.time(12e9));
        assertEquals("12,345", Figures.number(12_345.4));
        assertEquals("0.123", Figures.number(0.1234));
    }

    static Histogram histogram(int divisor) {
        var histogram = new Histogram(3);
        IntStream.rangeClosed(1, 1000).forEach(i -> histogram.recordValue(i * 1_000_000L / divisor));
        return histogram;
    }

    static ReportFacts facts() {
        return new ReportFacts(Instant.EPOCH, 2, "a processor", "Linux 6", "a JDK", "0123456789ab", "selvage perf run", Map.of());
    }

    /// A report that looks like a race of three targets at two loads.
    static Report race() {
        var random = new SplittableRandom(7);
        var series = new ArrayList<Series>();
        for (String group : List.of("at saturation", "at 50 %")) {
            for (String name : List.of("nginx", "selvage", "caddy")) {
                series.add(racer(group, name, random));
            }
        }
        return new Report("static-1k: a cached file of 1 KB", facts(), series,
                List.of("at saturation, answers/s: selvage to nginx 1.04 (0.98 to 1.11), no difference"));
    }

    private static Series racer(String group, String name, SplittableRandom random) {
        double scale = group.equals("at saturation") ? 4 : 1;
        var response = new Histogram(3);
        var service = new Histogram(3);
        var moments = new ArrayList<Moment>();
        for (int second = 1; second <= 20; second++) {
            var part = new Histogram(3);
            for (int i = 0; i < 5000; i++) {
                double exponential = -Math.log(1 - random.nextDouble());
                double pause = random.nextInt(500) == 0 ? 3e6 * exponential : 0;
                long nanos = (long) (scale * (80_000 + 60_000 * exponential + pause));
                part.recordValue(nanos);
                service.recordValue(nanos / 2);
            }
            response.add(part);
            moments.add(new Moment(second, 5000, part.getValueAtPercentile(50), part.getValueAtPercentile(99),
                    part.getMaxValue(), second == 7 && name.equals("caddy") ? 3 : 0));
        }
        Map<LoadProblem, Long> problems = name.equals("caddy") ? Map.of(LoadProblem.TIMEOUT, 3L) : Map.of();
        return new Series(group, name, 21_000 / scale + random.nextInt(3000), response, service,
                new Counts(100_000, 100_000, 1 << 20, problems), moments,
                Map.of("CPU µs per request", 11 + random.nextDouble() * 9));
    }
}
