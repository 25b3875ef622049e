package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// A `redis-server` on a port of the loopback, which keeps nothing on the disk.
///
/// If it is not installed, the test is skipped, or fails with `-Dselvage.real=required`.
final class RedisServer implements AutoCloseable {
    private static final String REDIS = "/usr/bin/redis-server";

    private final Path folder;
    private final int port;
    private final List<String> options;
    private final List<String> clientOptions;
    private Running server;

    private RedisServer(Path folder, int port, List<String> options, List<String> clientOptions)
            throws IOException, InterruptedException {
        this.folder = folder;
        this.port = port;
        this.options = options;
        this.clientOptions = clientOptions;
        this.server = run();
    }

    static RedisServer start(Path folder) throws IOException, InterruptedException {
        Application.require(REDIS, "");
        int port = SelvageProcess.freePort();
        return new RedisServer(folder, port, List.of("--port", Integer.toString(port)), List.of());
    }

    /// A server that speaks TLS only and wants a password.
    static RedisServer secured(Path folder, String password, Path certificate, Path key)
            throws IOException, InterruptedException {
        Application.require(REDIS, "");
        int port = SelvageProcess.freePort();
        return new RedisServer(folder, port,
                List.of("--port", "0", "--tls-port", Integer.toString(port), "--requirepass", password,
                "--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString(), "--tls-auth-clients", "no"),
                List.of("--tls", "--insecure", "--no-auth-warning", "-a", password));
    }

    private Running run() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(REDIS, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
                folder.toString()));
        command.addAll(options);
        var started = new Running(folder, Map.of(), "KILL", command);
        started.awaitLines(1, "Ready to accept connections");
        return started;
    }

    /// Where it is, without scheme.
    String address() {
        return "127.0.0.1:" + port;
    }

    void stop() throws IOException {
        server.close();
    }

    /// Starts it after a [#stop]; it has forgotten everything.
    void restart() throws IOException, InterruptedException {
        server = run();
    }

    /// What `redis-cli` prints.
    String ask(String... command) throws IOException, InterruptedException {
        var client = new ArrayList<>(List.of("/usr/bin/redis-cli", "-p", Integer.toString(port)));
        client.addAll(clientOptions);
        client.addAll(List.of(command));
        Process process = new ProcessBuilder(client).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes()).strip();
        assertEquals(0, process.waitFor(), printed);
        return printed;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
