package io.selvage.deploy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

/// The packed server as a process, started as `deploy/selvage` starts it, but for the second compiler of the JVM.
final class SelvageProcess implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("selvage.root"));
    /// Nearly all of these processes end before the code of the second compiler pays for its compilation. Those of [SoakIT] and
    /// [SmokeRaceIT] have it, as the launcher starts them.
    private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";
    private static final String PID_FILE = "selvage.pid";
    private static final int FIRST_PORT = 10_000;
    private static final int EPHEMERAL_PORT = 32_768;      // the first one (net.ipv4.ip_local_port_range)
    private static final int SHARES = 8;
    private static final int SHARE = (EPHEMERAL_PORT - FIRST_PORT) / SHARES;
    /// Each process of the tests has ports of its own.
    private static final int FIRST_OF_SHARE = FIRST_PORT + Integer.getInteger("selvage.process", 0) % SHARES * SHARE;
    private static final AtomicInteger NEXT_OF_SHARE = new AtomicInteger(ThreadLocalRandom.current().nextInt(SHARE));

    private final Running server;

    private SelvageProcess(Running server) {
        this.server = server;
    }

    /// Writes the configuration to `selvage.conf` in the folder, which is also the prefix, and waits until the server listens.
    static SelvageProcess start(Path prefix, String configuration) throws IOException, InterruptedException {
        Files.writeString(prefix.resolve("selvage.conf"), configuration);
        return start(prefix, Path.of("selvage.conf"), List.of());
    }

    /// @param configuration relative to the prefix
    /// @param javaOptions   added after those of `jvm.options`
    static SelvageProcess start(Path prefix, Path configuration, List<String> javaOptions)
            throws IOException, InterruptedException {
        var server = run(prefix, javaOptions, running(prefix, configuration));
        awaitListening(prefix, server);
        return new SelvageProcess(server);
    }

    /// As [#start(Path, String)], with a value for `--io`.
    static SelvageProcess startOn(String io, Path prefix, String configuration) throws IOException, InterruptedException {
        Files.writeString(prefix.resolve("selvage.conf"), configuration);
        var server = run(prefix, List.of(), running(prefix, Path.of("selvage.conf"), io));
        awaitListening(prefix, server);
        return new SelvageProcess(server);
    }

    /// As [#start(Path, String)], with a limit of the kernel.
    ///
    /// @param limit an option of `prlimit`
    static SelvageProcess startWith(Path prefix, String configuration, String limit) throws IOException, InterruptedException {
        Files.writeString(prefix.resolve("selvage.conf"), configuration);
        var server = run(prefix, List.of("prlimit", limit), List.of(),
                running(prefix, Path.of("selvage.conf")));
        awaitListening(prefix, server);
        return new SelvageProcess(server);
    }

    private static String[] running(Path prefix, Path configuration) {
        return running(prefix, configuration, System.getProperty("selvage.io", "auto"));
    }

    private static String[] running(Path prefix, Path configuration, String io) {
        return new String[] {"run", "-c", configuration.toString(), "-p", prefix.toString(),
            "-g", "pid " + PID_FILE + "; error_log stderr info;", "--io", io};
    }

    /// Runs any command, as a user types it after `selvage`.
    static Running run(Path folder, List<String> javaOptions, String... arguments) throws IOException {
        return run(folder, List.of(), javaOptions, arguments);
    }

    private static Running run(Path folder, List<String> before, List<String> javaOptions, String... arguments)
            throws IOException {
        var command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("deploy/jvm.options"),
                "-XX:AOTCache=" + ROOT.resolve("deploy/target/selvage.aot"), "-Xlog:aot*=off,cds*=off"));
        command.add(FIRST_COMPILER_ONLY);
        command.addAll(javaOptions);
        command.addAll(List.of("-jar", ROOT.resolve("deploy/target/selvage.jar").toString()));
        command.addAll(List.of(arguments));
        return new Running(folder, Map.of(), "TERM", command);
    }

    /// A port that is free, and stays so: it is below those that Linux gives to connections and to sockets without a port of
    /// their own, and no test gets it again before thousands of others.
    static int freePort() throws IOException {
        while (true) {
            int port = FIRST_OF_SHARE + NEXT_OF_SHARE.getAndIncrement() % SHARE;
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // taken: another one
            }
        }
    }

    Running server() {
        return server;
    }

    /// Changes a limit of the running process, as `prlimit` writes it: `nofile=100:` for the soft one, say.
    void limit(String resource) throws IOException, InterruptedException {
        String pid = Long.toString(server.process().pid());
        int exit = new ProcessBuilder("prlimit", "--pid", pid, "--" + resource).inheritIO().start().waitFor();
        assertEquals(0, exit, () -> "prlimit --" + resource);
    }

    /// The number of open file descriptors.
    int descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc", Long.toString(server.process().pid()), "fd"))) {
            return (int) open.count();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /// Waits for the pid file, which is written when every address is bound.
    static void awaitListening(Path prefix, Running server) throws IOException, InterruptedException {
        awaitListening(prefix, server, server.process().pid());
    }

    /// @param server the started process; the wait fails when it ends
    /// @param id the process that listens
    static void awaitListening(Path prefix, Running server, long id) throws IOException, InterruptedException {
        try (WatchService changes = prefix.getFileSystem().newWatchService()) {
            prefix.register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            server.process().onExit().thenRun(() -> close(changes));
            String pid = Long.toString(id);
            Path file = prefix.resolve(PID_FILE);
            while (!Files.exists(file) || !Files.readString(file).strip().equals(pid)) {
                WatchKey changed = changes.poll(60, TimeUnit.SECONDS);
                if (changed == null) {
                    fail("does not listen; its output:\n" + String.join("\n", server.lines()));
                } else {
                    changed.reset();
                }
            }
        } catch (ClosedWatchServiceException e) {
            fail("ended with " + server.awaitExit() + ", output:\n" + String.join("\n", server.lines()));
        }
    }

    private static void close(WatchService changes) {
        try {
            changes.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
