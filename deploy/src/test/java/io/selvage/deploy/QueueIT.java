package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A queue in front of a real gunicorn whose two synchronous workers are busy.
class QueueIT {
    private static final String SITE = """
            events { }
            http {
                upstream app { server 127.0.0.1:%2$d max_conns=2; queue 1; }
                server {
                    listen 127.0.0.1:%1$d;
                    location / { proxy_pass http://app; proxy_buffering off; }
                }
            }
            """;

    @TempDir
    private Path folder;
    @TempDir
    private Path prefix;

    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /// A request whose worker is busy until the gate is opened.
    private static RawHttp hold(int port, Path gate) throws Exception {
        assertEquals(0, new ProcessBuilder("mkfifo", gate.toString()).start().waitFor());
        RawHttp http = new RawHttp(port).send("GET /events?gate=" + gate + " HTTP/1.1\r\nHost: example.org\r\n\r\n");
        assertEquals(200, http.head().status());
        assertTrue(http.chunk().length > 0);
        return http;
    }

    private void get(int port) {
        Thread.ofVirtual().start(() -> {
            try {
                var answer = RawHttp.get(port, "/any");
                answers.add(answer.head().status() + " " + String.join("", answer.head().values("retry-after")));
            } catch (IOException e) {
                answers.add(e.toString());
            }
        });
    }

    private String answer() throws InterruptedException {
        String answer = answers.poll(30, TimeUnit.SECONDS);
        assertNotNull(answer);
        return answer;
    }

    /// Of two requests one is refused at once, and the other is served as soon as a worker is free.
    @ParameterizedTest(name = "io {0}")
    @ValueSource(strings = {"carrier", "jdk"})
    void requestWaitsForAWorker(String io) throws Exception {
        int port = SelvageProcess.freePort();
        Path gate = folder.resolve("gate");
        Path other = folder.resolve("other");
        try (var app = Application.gunicorn(folder, "one", "127.0.0.1:0", "sync");
                var _ = SelvageProcess.startOn(io, prefix, SITE.formatted(port, app.port()));
                var first = hold(port, gate); var second = hold(port, other)) {
            get(port);
            get(port);
            assertEquals("503 1", answer());
            Files.writeString(gate, "open");
            assertEquals("200 ", answer());
            Files.writeString(other, "open");
            assertTrue(first.chunk().length > 0 && second.chunk().length > 0);
        }
    }
}
