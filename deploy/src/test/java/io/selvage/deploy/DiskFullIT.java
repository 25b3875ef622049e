package io.selvage.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Temporary files that cannot grow: the kernel refuses to write more than 256 KiB to any file, as a full disk does.
class DiskFullIT {
    private static final String LIMIT = "--fsize=262144:262144";
    private static final int LONG = 30_000_000;
    private static final String REASON =
            "a body could not be written to a temporary file in \"%s/%s\" \\(file system .+, \\d+ bytes free\\): .+ too large";

    @TempDir
    private Path prefix;

    private SelvageProcess start(int port, Peer peer) throws Exception {
        return SelvageProcess.startWith(prefix, """
                server {
                    listen 127.0.0.1:%d;
                    access_log off;
                    client_max_body_size 0;
                    location / { proxy_pass http://127.0.0.1:%d; }
                }
                """.formatted(port, peer.port()), LIMIT);
    }

    @Test
    void uploadGets507AndTheServerGoesOn() throws Exception {
        int port = SelvageProcess.freePort();
        try (var peer = new Peer(); var selvage = start(port, peer)) {
            try (var http = new RawHttp(port)) {
                http.send("POST /up HTTP/1.1\r\nHost: example.org\r\nContent-Length: " + LONG + "\r\n\r\n");
                http.send(new byte[400_000]);
                assertEquals(507, http.answer().status());
            }
            selvage.server().awaitLines(1, REASON.formatted(prefix, "client_body_temp") + ", client: 127.0.0.1");
            try (var http = new RawHttp(port)) {
                http.send("POST /up HTTP/1.1\r\nHost: example.org\r\nContent-Length: 100000\r\n\r\n").send(new byte[100_000]);
                try (var request = peer.accept()) {
                    request.input().readNBytes(100_000);
                    request.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    assertEquals("ok", http.answer().body());
                }
            }
        }
    }

    @Test
    void answerToASlowClientIsComplete() throws Exception {
        int port = SelvageProcess.freePort();
        try (var peer = new Peer(); var selvage = start(port, peer); var http = new RawHttp(port)) {
            http.send("GET /long HTTP/1.1\r\nHost: example.org\r\n\r\n");
            try (var request = peer.accept()) {
                String body = "0123456789".repeat(LONG / 10);
                Thread answering = Thread.ofVirtual().start(() -> {
                    try {
                        request.answer("HTTP/1.1 200 OK\r\nContent-Length: " + LONG + "\r\n\r\n" + body);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                selvage.server().awaitLines(1, REASON.formatted(prefix, "proxy_temp"));
                assertTrue(answering.isAlive());
                assertEquals(body, http.answer().body());
            }
        }
    }
}
