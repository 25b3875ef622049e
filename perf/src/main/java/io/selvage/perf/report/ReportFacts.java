package io.selvage.perf.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The machine and the programs of a measurement.
///
/// @param commandLine as typed in a shell, with files below the working directory relative to it
/// @param more further facts by name
public record ReportFacts(Instant when, int cores, String processor, String kernel, String jdk, String commit, String commandLine,
                    Map<String, String> more) {
    private static final String UNKNOWN = "unknown";
    private static final String LAUNCHER = "deploy/selvage";

    public ReportFacts {
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /// The facts of this machine for a program with these arguments. The commit is that of the git repository in the working
    /// directory, with a `+` if its sources differ from it; committed results are not sources.
    public static ReportFacts here(List<String> arguments) {
        return new ReportFacts(Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(), processorModel(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version(), headCommit(),
                commandLine(arguments, Path.of("").toAbsolutePath()), Map.of());
    }

    /// A copy with one more fact.
    public ReportFacts with(String name, String value) {
        var all = new LinkedHashMap<>(more);
        all.put(name, value);
        return new ReportFacts(when, cores, processor, kernel, jdk, commit, commandLine, all);
    }

    /// Name and value of each fact, for display.
    public Map<String, String> lines() {
        var lines = new LinkedHashMap<String, String>();
        lines.put("command", commandLine);
        lines.put("when", when.toString());
        lines.put("commit", commit);
        lines.put("cores", cores + " × " + processor);
        lines.put("kernel", kernel);
        lines.put("JDK", jdk);
        lines.putAll(more);
        return lines;
    }

    /// The command that repeats the measurement in `folder`, and in another checkout too if it names no file outside.
    static String commandLine(List<String> arguments, Path folder) {
        var words = new ArrayList<String>();
        words.add(Files.exists(folder.resolve(LAUNCHER)) ? LAUNCHER : "selvage");
        for (String each : arguments) {
            String word = each.replace(folder + "/", "");
            words.add(word.matches("[A-Za-z0-9@%+=:,./_-]+") ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return String.join(" ", words);
    }

    private static String processorModel() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name")).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(UNKNOWN);
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String headCommit() {
        try {
            String head = git("rev-parse", "--short=12", "HEAD");
            String changed = git("status", "--porcelain", "--", ":(top)", ":(top,exclude)perf/results");
            return head.isEmpty() ? UNKNOWN : head + (changed.isEmpty() ? "" : "+");
        } catch (IOException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    private static String git(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        git.getOutputStream().close();
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? output : "";
    }
}
