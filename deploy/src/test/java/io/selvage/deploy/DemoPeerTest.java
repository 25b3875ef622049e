package io.selvage.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DemoPeerTest {
    @Test
    void answersWithItsName() throws Exception {
        try (var peer = new DemoPeer("warp")) {
            assertEquals("warp\n", get(peer, "/api/hello"));
        }
    }

    @Test
    void answersWithTheReceivedHeaderFields() throws Exception {
        try (var peer = new DemoPeer("weft")) {
            assertTrue(get(peer, "/api/headers").contains("X-Real-IP: 192.0.2.7\n"));
        }
    }

    @Test
    void aSlowOneAnswersAfterItsDelay() throws Exception {
        Duration delay = Duration.ofMillis(200);
        try (var peer = new DemoPeer("weft", delay)) {
            long started = System.nanoTime();
            assertEquals("weft\n", get(peer, "/api/hello"));
            assertTrue(System.nanoTime() - started >= delay.toNanos());
        }
    }

    private static String get(DemoPeer peer, String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + peer.port() + path))
                    .header("X-Real-IP", "192.0.2.7")
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }
}
