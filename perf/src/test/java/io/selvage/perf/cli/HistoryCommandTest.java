package io.selvage.perf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HistoryCommandTest {
    private static final Path RESULTS = Path.of("results");
    private static final String RESULT = """
            s: a small test

            at saturation  answers/s     p50     p90     p99   p99.9     max  CPU µs per answer  lag p99 µs  errors
            selvage           52,600  812 µs  1.0 ms  4.05 ms  9 ms    12.0 s              19.8         132       0
            nginx              61000   80 µs  100 µs  2.00 ms  3 ms      1 s           Infinity         132  2 reset

            at saturation, answers/s: selvage to nginx 0.86 (0.85 to 0.87)

            command  deploy/selvage perf race s.yaml
            when     %s
            commit   %s
            """;

    @TempDir
    private Path folder;

    /// `selvage perf history perf/results` after a new result.
    @Test
    void pageOfTheResultsIsCurrent() throws IOException {
        try (Stream<Path> files = Files.list(RESULTS)) {
            for (Path file : files.filter(file -> file.toString().matches(".*\\.(txt|tsv)")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        assertEquals(new Typed(0, "", ""), Typed.perf("history", folder.toString()));
        for (String name : List.of("history.tsv", "index.html")) {
            assertEquals(Files.readString(RESULTS.resolve(name)), Files.readString(folder.resolve(name)), name
                    + " is older than a result");
        }
    }

    @Test
    void resultsOfSeveralCommitsStandSideBySide() throws IOException {
        Files.writeString(folder.resolve("s.txt"), RESULT.formatted("2026-11-25T04:24:44Z", "38160748f93a"));
        Files.writeString(folder.resolve("single.txt"), "http://127.0.0.1/\n");
        assertEquals(new Typed(0, "", ""), Typed.perf("history", folder.toString()));
        Files.writeString(folder.resolve("s.txt"), RESULT.formatted("2026-11-26T04:24:44Z", "2618759b33bf"));
        assertEquals(new Typed(0, "", ""), Typed.perf("history", folder.toString()));
        assertEquals("""
                scenario\twhen\tcommit\tload\ttarget\tanswers/s\tp99 µs\tCPU µs per answer
                s\t2026-11-25T04:24:44Z\t38160748f93a\tat saturation\tnginx\t61000\t2000\tInfinity
                s\t2026-11-25T04:24:44Z\t38160748f93a\tat saturation\tselvage\t52600\t4050\t19.8
                s\t2026-11-26T04:24:44Z\t2618759b33bf\tat saturation\tnginx\t61000\t2000\tInfinity
                s\t2026-11-26T04:24:44Z\t2618759b33bf\tat saturation\tselvage\t52600\t4050\t19.8
                """, Files.readString(folder.resolve("history.tsv")));
        String page = Files.readString(folder.resolve("index.html"));
        for (String part : List.of("<a href=\"#s\">s</a><td>nginx<td>0.86<td>none<td>2026-11-26<td><code>2618759b33bf</code>",
                "<title>selvage: 52,600 (2026-11-25, 38160748f93a)</title>", "<p>a small test</p>")) {
            assertTrue(page.contains(part), part + " is not in " + page);
        }
        assertTrue(!page.contains("http:") && !page.contains("https:") && !page.contains("<script"), page);
    }

    @Test
    void mistakesAreReportedInOneLine() throws IOException {
        assertEquals("perf history: " + folder + "/none: no such folder\n", Typed.perf("history", folder + "/none").err());
        Files.writeString(folder.resolve("s.txt"), RESULT.formatted("x", "y").replace("52,600", "many"));
        assertEquals("perf history: " + folder + "/s.txt: \"many\" is not a number\n",
                Typed.perf("history", folder.toString()).err());
        Files.writeString(folder.resolve("history.tsv"), "a\tb\n");
        assertEquals("perf history: " + folder + "/history.tsv: cannot read the line a b\n",
                Typed.perf("history", folder.toString()).err());
    }
}
