package io.selvage.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packed server as a process.
final class ServerProcess implements AutoCloseable {
    /// The heap has its size, and all of its pages, from the start: what the process grows by later is not heap.
    private static final List<String> MEMORY = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");
    private static final String CONFIGURATION = """
            pid selvage.pid;
            error_log error.log warn;
            worker_shutdown_timeout 10s;
            events { worker_connections 4096; }
            http {
                access_log access.log;
                upstream app { server 127.0.0.1:%d; keepalive 8; }
                server {
                    listen 127.0.0.1:%d;
                    root %s;
                    client_max_body_size 10m;
                    location /nonce { return 200 "nonce $arg_n"; }
                    location /app/ { proxy_pass http://app; }
                }
            }
            """;
    /// Of the young and of the old generation.
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private final Process process;
    private final Path root;
    private final Path folder;
    private final Path tools;
    private final int port;

    private ServerProcess(Process process, Path root, Path folder, Path tools, int port) {
        this.process = process;
        this.root = root;
        this.folder = folder;
        this.tools = tools;
        this.port = port;
    }

    static ServerProcess start(Path root, Path folder, int peer, String mode) throws IOException, InterruptedException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.writeString(folder.resolve("jcmd.txt"), "GC.run\nGC.heap_info\n");
        Files.writeString(folder.resolve("soak.conf"), CONFIGURATION.formatted(peer, port, folder));
        Path tools = Path.of(System.getProperty("java.home"), "bin");
        List<String> options = new ArrayList<>(MEMORY);
        options.add("-XX:ErrorFile=crash.log");
        List<String> command = selvage(root, tools, options, "run", "-c", "soak.conf", "-p", folder.toString(), "--io", mode);
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.log").toFile()).start();
        while (!Files.exists(folder.resolve("selvage.pid"))) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IOException("not started: " + Files.readString(folder.resolve("output.log")));
            }
        }
        return new ServerProcess(process, root, folder, tools, port);
    }

    /// A command of Selvage, started as the launcher starts it.
    ///
    /// @param options of the JVM, beside those of the launcher
    private static List<String> selvage(Path root, Path tools, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>(List.of(tools.resolve("java").toString(),
                "@" + root.resolve("deploy/jvm.options"), "-XX:AOTCache=" + root.resolve("deploy/target/selvage.aot"),
                "-Xlog:aot*=off,cds*=off"));
        command.addAll(options);
        command.addAll(List.of("-jar", root.resolve("deploy/target/selvage.jar").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    int port() {
        return port;
    }

    void signal(String name) throws IOException, InterruptedException {
        run(List.of("kill", "-" + name, Long.toString(process.pid())));
    }

    void dumpThreads() throws IOException, InterruptedException {
        String dump = run(selvage(root, tools, List.of("-XX:TieredStopAtLevel=1"), "threads",
                "--pid", folder.resolve("selvage.pid").toString()));
        if (!dump.contains(" virtual threads, ")) {
            throw new IOException("not a thread dump: " + dump);
        }
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(tool.getInputStream().readAllBytes());
        if (tool.waitFor() != 0) {
            throw new IOException(process.isAlive() ? command + ": " + output
                    : "the server has ended with " + process.exitValue() + " and said " + output("output.log")
                            + output("error.log") + crash());
        }
        return output;
    }

    /// The crash report of the JVM, up to the stack of the thread that crashed.
    private List<String> crash() throws IOException {
        Path file = folder.resolve("crash.log");
        return Files.exists(file) ? Files.readAllLines(file).subList(0, 120) : List.of();
    }

    private List<String> output(String log) throws IOException {
        Path file = folder.resolve(log);
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.subList(Math.max(0, lines.size() - 50), lines.size());
    }

    /// The figures of the process when its connections have ended, or after the maximum wait.
    Figures quietFigures(Duration longest) throws IOException, InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        Figures least = figures();
        int same = 0;
        while (same < 3 && System.nanoTime() - end < 0) {
            Thread.sleep(1000);
            Figures now = figures();
            same = now.descriptors() < least.descriptors() ? 0 : same + 1;
            least = now.descriptors() <= least.descriptors() ? now : least;
        }
        return least;
    }

    private Figures figures() throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        Matcher used = USED.matcher(run(List.of(tools.resolve("jcmd").toString(), pid, "-f",
                folder.resolve("jcmd.txt").toString())));
        long heapKib = used.results().mapToLong(generation -> Long.parseLong(generation.group(1))).sum();
        if (heapKib == 0) {
            throw new IOException("jcmd did not print the heap size");
        }
        return Figures.of(process.pid(), heapKib);
    }

    /// @return true if it ended with the expected exit code
    boolean stop() throws IOException, InterruptedException {
        signal("TERM");
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    /// The lines of the error log that must not occur.
    List<String> reportedProblems() throws IOException {
        List<String> log = Files.readAllLines(folder.resolve("error.log"));
        log.stream().filter(line -> line.contains("stuck")).limit(5).forEach(line -> System.out.println("note: " + line));
        return log.stream().filter(line -> line.contains("should not happen") || line.contains("watchdog")
                || line.contains("[alert]") || line.contains("[emerg]")).limit(10).toList();
    }

    /// True if the server has closed connections to make room for others.
    boolean hadTooFewPlaces() throws IOException {
        return Files.readAllLines(folder.resolve("error.log")).stream().anyMatch(line -> line.contains("are not enough"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
