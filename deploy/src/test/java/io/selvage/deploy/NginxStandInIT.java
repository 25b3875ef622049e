package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// `deploy/nginx`, in the place of the program of that name.
class NginxStandInIT {
    private static final String SAYING = """
            pid selvage.pid;
            error_log stderr info;
            events {
            }
            http {
                server {
                    listen 127.0.0.1:%d;
                    location / {
                        return 200 "%s\\n";
                    }
                    location /slow {
                        proxy_pass http://127.0.0.1:%d;
                    }
                }
            }
            """;

    @TempDir
    private Path prefix;

    private Running nginx(String... arguments) throws IOException {
        return nginx(List.of(), arguments);
    }

    /// @param starter the program that starts it, with its arguments; empty for none
    private Running nginx(List<String> starter, String... arguments) throws IOException {
        var command = new ArrayList<>(starter);
        command.add(SelvageProcess.ROOT.resolve("deploy/nginx").toString());
        command.addAll(List.of(arguments));
        return new Running(prefix, Map.of("JAVA_HOME", System.getProperty("java.home")), "TERM", command);
    }

    private void configure(int port, String saying, int peer) throws IOException {
        Files.writeString(prefix.resolve("nginx.conf"), SAYING.formatted(port, saying, peer));
    }

    @Test
    void itsProcessHandlesSignals() throws Exception {
        int port = SelvageProcess.freePort();
        try (var peer = new Peer()) {
            configure(port, "before", peer.port());
            try (var nginx = nginx("-p", prefix.toString(), "-c", "nginx.conf", "-e", "error.log");
                    var http = started(nginx, port)) {
                assertEquals("before\n", RawHttp.get(port, "/").body());
                reload(nginx, port, peer.port());
                http.send("GET /slow HTTP/1.1\nHost: example.org\n\n");         // lone LFs are passed, as by nginx
                try (var request = peer.accept()) {
                    nginx.signal("QUIT");
                    StopAndReloadIT.awaitRefused(port);
                    request.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
                    assertEquals("slow", http.answer().body());
                }
                assertEquals(0, nginx.awaitExit());
                assertFalse(Files.exists(prefix.resolve("selvage.pid")));
            }
        }
    }

    private void reload(Running nginx, int port, int peer) throws IOException, InterruptedException {
        configure(port, "after", peer);
        nginx.signal("HUP");
        while (!RawHttp.get(port, "/").body().equals("after\n")) {
            assertTrue(nginx.process().isAlive());
        }
    }

    @Test
    void reloadsWhereNohupHasStartedIt() throws Exception {
        int port = SelvageProcess.freePort();
        configure(port, "before", 1);
        List<String> starter = List.of("env", "--ignore-signal=HUP");
        try (var nginx = nginx(starter, "-p", prefix.toString(), "-c", "nginx.conf", "-e", "error.log");
                var _ = started(nginx, port)) {
            reload(nginx, port, 1);
        }
    }

    @Test
    void itsProcessPassesARequestForAThreadDumpOn() throws Exception {
        int port = SelvageProcess.freePort();
        configure(port, "hello", 1);
        try (var nginx = nginx("-p", prefix.toString(), "-c", "nginx.conf", "-e", "error.log"); var _ = started(nginx, port);
                var threads = SelvageProcess.run(prefix, List.of(), "threads", "--pid", "selvage.pid")) {
            assertEquals(0, threads.awaitExit(), () -> String.join("\n", threads.lines()));
            threads.awaitLines(1, "^\\d+ virtual threads, ");
        }
    }

    private RawHttp started(Running nginx, int port) throws IOException, InterruptedException {
        SelvageProcess.awaitListening(prefix, nginx);
        return new RawHttp(port);
    }

    @Test
    void checksAConfiguration() throws Exception {
        configure(SelvageProcess.freePort(), "hello", 1);
        try (var check = nginx("-t", "-p", prefix.toString(), "-c", "nginx.conf")) {
            assertEquals(0, check.awaitExit(), () -> String.join("\n", check.lines()));
        }
        Files.writeString(prefix.resolve("nginx.conf"), "events { } http { server { lisen 80; } }");
        try (var check = nginx("-t", "-p", prefix.toString(), "-c", "nginx.conf")) {
            assertEquals(1, check.awaitExit());
            assertTrue(check.lines().getFirst().contains("lisen"), () -> String.join("\n", check.lines()));
        }
    }
}
