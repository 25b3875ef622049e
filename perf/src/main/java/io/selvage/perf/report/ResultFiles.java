package io.selvage.perf.report;

import io.selvage.perf.load.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The files of one run with a common prefix: `NAME-LOAD.hlog` during the run; `NAME.txt`, `NAME.json`, `NAME.html` and
/// `NAME-LOAD.hgrm` at its end.
public final class ResultFiles implements AutoCloseable {
    private final Path prefix;
    private final Map<String, LatencyLogFile> logs = new LinkedHashMap<>();

    /// Files that begin with `prefix`. Creates the folder if it does not exist.
    public ResultFiles(Path prefix) throws IOException {
        this.prefix = prefix;
        Files.createDirectories(prefix.toAbsolutePath().getParent());
    }

    /// Appends an interval to the log of its phase.
    public void append(Interval interval) throws IOException {
        String name = interval.phase().name();
        LatencyLogFile log = logs.get(name);
        if (log == null) {
            log = new LatencyLogFile(named("-" + slug(name) + ".hlog"));
            logs.put(name, log);
        }
        log.append(interval);
    }

    /// Writes the files of a finished report.
    public void write(Report report) throws IOException {
        Files.writeString(named(".txt"), report.text());
        Files.writeString(named(".json"), report.json() + "\n");
        Files.writeString(named(".html"), Page.of(report));
        for (Series each : report.series()) {
            Path curve = named("-" + slug(each.group() + " " + each.name()) + ".hgrm");
            Files.writeString(curve, LatencyLogFile.distribution(each.response()));
        }
    }

    @Override
    public void close() throws IOException {
        for (LatencyLogFile log : logs.values()) {
            log.close();
        }
    }

    private Path named(String end) {
        return prefix.resolveSibling(prefix.getFileName() + end);
    }

    private static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replace(",", "").replaceAll("[^a-z0-9.]+", "-").replaceAll("^-|-$", "");
    }
}
