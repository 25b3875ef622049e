package io.selvage.server.effects;

import io.selvage.server.http2.FrameClient;
import io.selvage.server.http2.FrameWriter;
import io.selvage.server.http2.PeerSettings;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// HTTP/2 for clients.
@Timeout(60)
class Http2DirectivesTest {

    @Test
    @Effect("http2")
    void http2LetsClientsSpeakIt() throws IOException {
        try (TestServer on = site("http2 on; return 200 $server_protocol:$http2;");
             TestServer off = site("http2 off; return 200 $server_protocol:$http2;")) {
            assertEquals("HTTP/2.0:h2c", answer(on, "/"));
            assertEquals("HTTP/1.1:", body(get(on, "/", "")));
            assertTrue(off.ask("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").startsWith("HTTP/1.1 400 "));
        }
    }

    @Test
    void listenCanAllowHttp2ForAllItsSites() throws IOException {
        try (TestServer server = http("server { listen 127.0.0.1:0 http2; return 200 $server_protocol; }")) {
            assertEquals("HTTP/2.0", answer(server, "/"));
            assertEquals("HTTP/1.1", body(get(server, "/", "")));
        }
    }

    @Test
    @Effect("http2_max_concurrent_streams")
    void maxConcurrentStreamsBoundsTheRequestsOfAConnection() throws IOException {
        try (TestServer server = site("http2 on; http2_max_concurrent_streams 2; location / { proxy_pass http://127.0.0.1:1; }");
             FrameClient client = open(server)) {
            assertEquals("setting 3 2", client.awaitEvent("setting " + PeerSettings.MAX_CONCURRENT_STREAMS));
            int first = client.post("/");
            int second = client.post("/");
            int third = client.post("/");
            assertEquals("REFUSED_STREAM", client.await(third).end());
            assertEquals("502", client.data(first, "a", true).await(first).status());
            assertEquals("502", client.data(second, "a", true).await(second).status());
            assertEquals("502", client.await(client.get("/")).status());
        }
    }

    @Test
    @Effect("http2_body_preread_size")
    void bodyPrereadSizeBoundsWhatAClientSendsUnread() throws IOException {
        try (TestServer server = site("http2 on; http2_body_preread_size 10; location / { proxy_pass http://127.0.0.1:1; }");
             FrameClient client = open(server)) {
            assertEquals("setting 4 10", client.awaitEvent("setting " + PeerSettings.INITIAL_WINDOW_SIZE));
            assertEquals("FLOW_CONTROL_ERROR", client.await(upload(client, "more than ten")).end());
            assertEquals("502", client.await(upload(client, "only ten..")).status());
        }
    }

    @Test
    void framesAreAsLongAsASingleFieldOrAWindowAboveTheDefault() throws IOException {
        Map<String, Integer> sizes = Map.of("", 16_384, "large_client_header_buffers 4 32k;", 32_768,
                "http2_body_preread_size 64k;", 16_384, "http2_body_preread_size 128k;", 131_072);
        for (Map.Entry<String, Integer> each : sizes.entrySet()) {
            try (TestServer server = site(each.getKey() + "http2 on; location / { proxy_pass http://127.0.0.1:1; }");
                 FrameClient client = open(server)) {
                assertEquals("setting 5 " + each.getValue(), client.awaitEvent("setting " + PeerSettings.MAX_FRAME_SIZE));
                assertEquals("502", client.await(upload(client, "b".repeat(each.getValue()))).status());
                int stream = client.post("/");
                client.frame(out -> FrameWriter.data(out, stream, each.getValue() + 1, true));
                assertEquals("goaway 3 FRAME_SIZE_ERROR a frame of " + (each.getValue() + 1) + " bytes",
                        client.awaitEvent("goaway"));
            }
        }
    }

    /// Sends head and body at once, so that the body cannot be read in between.
    private static int upload(FrameClient client, String body) throws IOException {
        int stream = client.nextStream();
        client.frame(out -> {
            client.headers(out, stream, false, FrameClient.request("POST", "/"));
            FrameWriter.data(out, stream, body.length(), true);
            out.put(body.getBytes(ISO_8859_1));
        });
        return stream;
    }

    @Test
    @Effect("http2_recv_buffer_size")
    void recvBufferSizeBoundsWhatAClientSendsAheadOfTheReader() throws IOException {
        try (TestServer server = http("http2_recv_buffer_size 100k; server { listen 127.0.0.1:0; http2 on;"
                + " location / { proxy_pass http://127.0.0.1:1; } }");
             FrameClient client = open(server)) {
            int stream = client.post("/");
            assertEquals("window 1 36864", client.awaitEvent("window 1"));
            assertEquals("502", client.data(stream, "a", true).await(stream).status());
        }
    }

    @Test
    @Effect("http2_chunk_size")
    void chunkSizeBoundsFramesOfResponses() throws IOException {
        String text = "0123456789".repeat(10);
        try (TestServer server =
                site("http2 on; location / { http2_chunk_size 30; } location /large { }", "f", text, "large", text);
             FrameClient client = open(server)) {
            assertEquals(text, client.await(client.get("/f")).body());
            assertEquals(List.of("1 data 30", "1 data 30", "1 data 30", "1 data 10"),
                    client.events().stream().filter(event -> event.startsWith("1 data")).toList());
            assertEquals(text, client.await(client.get("/large")).body());
            assertTrue(client.events().contains("3 data 100"), client.events()::toString);
        }
    }

    static FrameClient open(TestServer server) throws IOException {
        return FrameClient.open(server.address());
    }

    private static String answer(TestServer server, String path) throws IOException {
        try (FrameClient client = open(server)) {
            return client.await(client.get(path)).body();
        }
    }
}
