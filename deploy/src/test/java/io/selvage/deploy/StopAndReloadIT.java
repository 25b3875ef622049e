package io.selvage.deploy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// The effects of signals on a running server.
class StopAndReloadIT {
    private static final String SAYING = """
            server {
                listen 127.0.0.1:%d;
                location / {
                    return 200 "%s\\n";
                }
            }
            """;

    @TempDir
    private Path prefix;

    @Test
    void hupWithAMistakeKeepsTheOldConfiguration() throws Exception {
        int port = SelvageProcess.freePort();
        try (var selvage = SelvageProcess.start(prefix, SAYING.formatted(port, "before"))) {
            Files.writeString(prefix.resolve("selvage.conf"), SAYING.formatted(port, "after").replace("return", "retrun"));
            selvage.server().signal("HUP");
            selvage.server().awaitLines(1, "selvage\\.conf:4:9.*retrun");
            assertEquals("before\n", RawHttp.get(port, "/").body());
        }
    }

    @Test
    void termCompletesASlowRequest() throws Exception {
        int port = SelvageProcess.freePort();
        String site = "server { listen 127.0.0.1:%d; location / { proxy_pass http://127.0.0.1:%d; } }";
        try (var peer = new Peer();
                var selvage = SelvageProcess.start(prefix, site.formatted(port, peer.port()));
                var http = new RawHttp(port)) {
            http.send("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
            try (var request = peer.accept()) {
                selvage.server().signal("TERM");
                awaitRefused(port);
                request.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
                assertEquals("slow", http.answer().body());
            }
            assertEquals(0, selvage.server().awaitExit());
            assertFalse(Files.exists(prefix.resolve("selvage.pid")));
        }
    }

    /// A tunnel is ended when the time is over; the exit code says that something was.
    @Test
    void termEndsATunnelAfterWorkerShutdownTimeout() throws Exception {
        int port = SelvageProcess.freePort();
        String configuration = """
                worker_shutdown_timeout 300ms;
                events { }
                http {
                    server {
                        listen 127.0.0.1:%d;
                        location / {
                            proxy_pass http://127.0.0.1:%d;
                            proxy_http_version 1.1;
                            proxy_set_header Upgrade $http_upgrade;
                            proxy_set_header Connection upgrade;
                        }
                    }
                }
                """;
        try (var peer = new Peer();
                var selvage = SelvageProcess.start(prefix, configuration.formatted(port, peer.port()));
                var http = new RawHttp(port)) {
            http.send("GET / HTTP/1.1\r\nHost: example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            try (var request = peer.accept()) {
                request.answer("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                assertEquals(101, http.head().status());
                selvage.server().signal("TERM");
                assertEquals(2, selvage.server().awaitExit());
                assertThrows(IOException.class, http::line);
            }
        }
    }

    /// Connects until the kernel refuses, that is, until the listening socket is closed. A connection that is being made when the
    /// socket is closed is reset.
    static void awaitRefused(int port) throws IOException {
        while (true) {
            try {
                new RawHttp(port).close();
            } catch (ConnectException _) {
                return;
            } catch (SocketException _) {
                // reset: the next one is refused
            }
        }
    }
}
