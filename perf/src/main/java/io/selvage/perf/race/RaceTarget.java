package io.selvage.perf.race;

import io.selvage.perf.http.AnyCertificate;
import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server under test: a process that the race started, and a port on the loopback. Closing it ends the whole process tree.
final class RaceTarget implements AutoCloseable {
    private static final int SECONDS_TO_START = 60;
    private static final int SECONDS_TO_STOP = 10;
    private static final int PROBE_MILLIS = 10_000;
    private static final int BETWEEN_PROBES_MILLIS = 2;

    private final String name;
    private final boolean tls;
    private final int port;
    private final Process process;
    private final Path log;
    private final List<String> versionCommand;
    private long startNanos;

    private RaceTarget(String name, boolean tls, int port, Process process, Path log, List<String> versionCommand) {
        this.name = name;
        this.tls = tls;
        this.port = port;
        this.process = process;
        this.log = log;
        this.versionCommand = versionCommand;
    }

    /// Creates a folder, starts `entrant` in it, and waits for its first answer to the request of the work, whatever the answer
    /// is.
    static RaceTarget start(Scenario.Entrant entrant, Scenario.Work asked, Path work, Map<String, String> places)
            throws UserError, IOException, InterruptedException {
        Files.createDirectories(work);
        int port = freePort();
        Path config = work.resolve(entrant.config().getFileName());
        Path log = work.resolve("output.log");
        Map<String, String> values = new HashMap<>(places);
        values.put("port", Integer.toString(port));
        values.put("work", work.toString());
        values.put("config", config.toString());
        var template = new ConfigTemplate(values);
        Files.writeString(config, template.fill(Files.readString(entrant.config())));
        List<String> command = entrant.command().stream().map(template::fill).toList();
        long before = System.nanoTime();
        Process process;
        try {
            process = new ProcessBuilder(command).directory(work.toFile())
                    .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        } catch (IOException e) {
            throw new UserError(entrant.name() + " cannot be started: " + e.getMessage());
        }
        var target = new RaceTarget(entrant.name(), asked.tls() != Scenario.Tls.NONE, port, process, log,
                entrant.version().stream().map(template::fill).toList());
        try {
            target.awaitAnswer(asked.request().encode("127.0.0.1:" + port, true));
            target.startNanos = System.nanoTime() - before;
        } catch (UserError e) {
            target.close();
            throw e;
        }
        return target;
    }

    String name() {
        return name;
    }

    /// The first line that the version command prints; empty if there is no such command.
    String version() throws IOException, InterruptedException {
        if (versionCommand.isEmpty()) {
            return "";
        }
        Process asked = new ProcessBuilder(versionCommand).redirectErrorStream(true).start();
        asked.getOutputStream().close();
        String output = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return asked.waitFor() == 0 ? output.lines().findFirst().orElse("").strip() : "";
    }

    /// The time from its start to its first answer.
    long startNanos() {
        return startNanos;
    }

    String url(String path) {
        return (tls ? "https" : "http") + "://127.0.0.1:" + port + path;
    }

    ProcessTree tree() {
        return new ProcessTree(process.toHandle());
    }

    /// Checks that the process is running.
    ///
    /// @throws UserError with the last line of its output if it has ended
    void mustLive() throws UserError {
        if (!process.isAlive()) {
            throw new UserError(name + " ended with exit code " + process.exitValue() + lastOutput());
        }
    }

    /// Waits for this time, or until the process has ended.
    void idle(Duration time) throws InterruptedException {
        process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private void awaitAnswer(byte[] request) throws UserError, InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
        while (System.nanoTime() < giveUp) {
            mustLive();
            try (Socket probe = tls ? AnyCertificate.context().getSocketFactory().createSocket() : new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROBE_MILLIS);
                probe.setSoTimeout(PROBE_MILLIS);
                probe.getOutputStream().write(request);
                if (probe.getInputStream().read() >= 0) {
                    return;
                }
            } catch (IOException e) {
                // not yet
            }
            process.waitFor(BETWEEN_PROBES_MILLIS, TimeUnit.MILLISECONDS);
        }
        throw new UserError(name + " does not answer on port " + port + " after " + SECONDS_TO_START + " s" + lastOutput());
    }

    private String lastOutput() {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> !line.isBlank()).reduce((first, second) -> second)
                    .map(line -> ": " + line.strip()).orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
