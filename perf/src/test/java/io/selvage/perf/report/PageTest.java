package io.selvage.perf.report;

import io.selvage.perf.load.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// `-Dselvage.others=required` turns a missing chromium into a failure.
class PageTest {
    @TempDir
    private Path directory;

    @Test
    void pageIsSelfContained() {
        String page = Page.of(ReportTest.race()).replace("http://www.w3.org/2000/svg", "");
        assertFalse(page.contains("http://") || page.contains("https://") || page.contains(" src=") || page.contains("<link"));
    }

    @Test
    void browserDrawsEveryChart() throws Exception {
        String drawn = open(Page.of(ReportTest.race()));
        assertTrue(drawn.contains("data-drawn=\"yes\""), drawn);
        assertEquals(2, count(drawn, "aria-label=\"Latency by percentile\""));
        assertEquals(2, count(drawn, "aria-label=\"Latency over time\""));
        assertEquals(2, count(drawn, "aria-label=\"CPU µs per request\""));
        assertEquals(2, count(drawn, "3 timeout"));
        assertFalse(drawn.contains("NaN"), "a chart lost its numbers");
    }

    @Test
    void browserDrawsAReportWithoutAnswers() throws Exception {
        var nothing = new Report("nothing", ReportTest.facts(), List.of(new Series("load", "100 per s", 0,
                new Histogram(3), new Histogram(3), Counts.NONE, List.of(), Map.of())), List.of());
        String drawn = open(Page.of(nothing));
        assertTrue(drawn.contains("data-drawn=\"yes\""), drawn);
        assertFalse(drawn.contains("NaN"), drawn);
    }

    private String open(String page) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("page.html"), page);
        Path output = directory.resolve("said");
        var command = new ProcessBuilder(chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=" + directory.resolve("profile"), "--dump-dom", file.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(output.toFile());
        command.environment().put("TMPDIR", directory.toString());
        Process browser = command.start();
        try {
            assertTrue(browser.waitFor(60, TimeUnit.SECONDS), "the browser did not come to an end");
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly().waitFor();
        }
        return Files.readString(output);
    }

    private static String chromium() {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable).findFirst();
        if (found.isEmpty() && "required".equals(System.getProperty("selvage.others"))) {
            fail("chromium is not installed");
        }
        assumeTrue(found.isPresent(), "chromium is not installed");
        return found.get().toString();
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}
