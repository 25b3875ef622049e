package io.selvage.perf.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The machine and the program behind a number.
public record Facts(Instant when, int cores, String processor, String kernel, String jdk, String commit, String commandLine) {
    private static final String UNKNOWN = "unknown";

    /// The facts of this machine, now. The commit is that of the working directory's git repository, with a `+` when files
    /// differ from it.
    public static Facts here(String commandLine) {
        return new Facts(Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(), processorModel(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version(), headCommit(), commandLine);
    }

    /// Name and value of each fact, for reading.
    public Map<String, String> lines() {
        var lines = new LinkedHashMap<String, String>();
        lines.put("command", commandLine);
        lines.put("when", when.toString());
        lines.put("commit", commit);
        lines.put("cores", cores + " × " + processor);
        lines.put("kernel", kernel);
        lines.put("JDK", jdk);
        return lines;
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
            return head.isEmpty() ? UNKNOWN : head + (git("status", "--porcelain").isEmpty() ? "" : "+");
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
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? said : "";
    }
}
