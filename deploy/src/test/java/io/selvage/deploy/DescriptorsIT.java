package io.selvage.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// More silent clients than descriptors: the oldest give way, and a client that asks is served.
class DescriptorsIT {
    private static final String LIMIT = "--nofile=256:256";
    private static final int CLIENTS = 400;

    @TempDir
    private Path prefix;

    @Test
    void silentClientsBeyondTheDescriptorsGiveWayToNewOnes() throws Exception {
        int port = SelvageProcess.freePort();
        Files.writeString(prefix.resolve("hello"), "hello");
        String site = "server { listen 127.0.0.1:%d; root .; location /app { proxy_pass http://127.0.0.1:%d; } }";
        var crowd = new ArrayList<RawHttp>();
        try (var peer = new Peer();
                var selvage = SelvageProcess.startWith(prefix, site.formatted(port, peer.port()), LIMIT)) {
            for (int i = 0; i < CLIENTS; i++) {
                crowd.add(new RawHttp(port));
            }
            assertEquals("hello", RawHttp.get(port, "/hello").body());
            try (var client = new RawHttp(port)) {
                client.send("GET /app HTTP/1.1\r\nHost: example.org\r\n\r\n");
                try (var request = peer.accept()) {
                    request.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npeer");
                    assertEquals("peer", client.answer().body());
                }
            }
            for (RawHttp one : crowd) {
                one.close();
            }
            assertEquals("hello", RawHttp.get(port, "/hello").body());
            List<String> output = selvage.server().lines();
            assertTrue(output.size() < 10, () -> String.join("\n", output));
        }
    }
}
