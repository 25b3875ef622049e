package io.selvage.deploy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// Endless answers, and connections that change their protocol.
class StreamsIT {
    private static final String SITE = """
            server {
                listen 127.0.0.1:%d;
                location / {
                    proxy_pass http://127.0.0.1:%d;
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }
            }
            """;

    @TempDir
    private Path folder;
    @TempDir
    private Path prefix;

    @Test
    void eventArrivesBeforeTheNextOneIsSent() throws Exception {
        int port = SelvageProcess.freePort();
        Path gate = folder.resolve("gate");
        assertEquals(0, new ProcessBuilder("mkfifo", gate.toString()).start().waitFor());
        try (var app = Application.gunicorn(folder, "one", "127.0.0.1:0", "sync");
                var _ = SelvageProcess.start(prefix, SITE.formatted(port, app.port()).replaceAll(".*(Upgrade|upgrade).*\n", ""));
                var http = new RawHttp(port)) {
            http.send("GET /events?gate=" + gate + " HTTP/1.1\r\nHost: example.org\r\n\r\n");
            assertEquals("text/event-stream; charset=utf-8", http.head().value("content-type"));
            assertEquals("data: first\n\n", new String(http.chunk(), ISO_8859_1));
            Files.writeString(gate, "open");
            assertEquals("data: second\n\n", new String(http.chunk(), ISO_8859_1));
            assertEquals(0, http.chunk().length);
        }
    }

    @Test
    void webSocketWorksInBothDirections() throws Exception {
        int port = SelvageProcess.freePort();
        var heard = new LinkedBlockingQueue<String>();
        try (var peer = new Peer();
                var _ = SelvageProcess.start(prefix, SITE.formatted(port, peer.port()));
                var client = HttpClient.newHttpClient()) {
            Thread.ofVirtual().start(() -> echoOne(peer));
            WebSocket socket = client.newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), new Listener(heard)).get(60, TimeUnit.SECONDS);
            for (String text : List.of("warp", "weft", "x".repeat(120))) {
                socket.sendText(text, true).get(60, TimeUnit.SECONDS);
                assertEquals(text, heard.poll(60, TimeUnit.SECONDS));
            }
            socket.abort();
        }
    }

    private static void echoOne(Peer peer) {
        try (var request = peer.accept()) {
            request.echoFrames();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param heard receives every complete text
    private record Listener(BlockingQueue<String> heard) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            heard.add(text.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
