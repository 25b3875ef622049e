package io.selvage.server.http2;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Clients that make the server work for nothing get ENHANCE_YOUR_CALM, and their connection ends (RFC 9113 §10.5). Others are
/// still served.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class Http2AbuseTest {
    private static final String CALM = "ENHANCE_YOUR_CALM";

    @Parameter
    private Io io;

    private TestServer server(String text, String... files) throws IOException {
        return TestServer.nginx(io, "server { listen 127.0.0.1:0; http2 on; root .; " + text + " }", files);
    }

    /// Sends a frame again and again until the server has had enough.
    private static void flood(TestServer server, Consumer<ByteBuffer> frames) throws IOException {
        try (FrameClient client = FrameClient.open(server.address())) {
            client.awaitEvent("settings ack");
            client.flood(frames, 200);
            assertTrue(client.readToEnd().stream().anyMatch(event -> event.contains(CALM)), client.events()::toString);
        }
        try (FrameClient other = FrameClient.open(server.address())) {
            assertEquals("ok", other.await(other.get("/")).body());
        }
    }

    private static void times(int count, Runnable action) {
        for (int i = 0; i < count; i++) {
            action.run();
        }
    }

    @Test
    void rapidResetsEndTheConnection() throws IOException {
        try (Origin silent = Origin.scripted(wire -> wire.readToEnd());
             TestServer server = server("location / { return 200 ok; } location /p { proxy_pass http://"
                     + silent.address() + "; }");
             FrameClient client = FrameClient.open(server.address())) {
            client.flood(out -> times(20, () -> {
                int stream = client.nextStream();
                client.headers(out, stream, true, FrameClient.request("GET", "/p"));
                FrameWriter.reset(out, stream, ErrorCode.CANCEL);
            }), 200);
            assertTrue(client.readToEnd().stream().anyMatch(event -> event.contains(CALM)), client.events()::toString);
            assertTrue(silent.connections() <= 400, () -> silent.connections() + " connections");
        }
    }

    @Test
    void resetsThatTheServerIsMadeToSendEndTheConnection() throws IOException {
        try (TestServer server = server("return 200 ok;"); FrameClient client = FrameClient.open(server.address())) {
            client.flood(out -> times(20, () -> {
                int stream = client.nextStream();
                client.headers(out, stream, false, FrameClient.request("POST", "/"));
                FrameWriter.header(out, 4, FrameType.WINDOW_UPDATE, 0, stream);
                out.putInt(0);
            }), 200);
            assertTrue(client.readToEnd().stream().anyMatch(event -> event.contains(CALM)), client.events()::toString);
        }
    }

    @Test
    void settingsFloodsEndTheConnection() throws IOException {
        try (TestServer server = server("return 200 ok;")) {
            flood(server, out -> times(100, () -> FrameWriter.settings(out)));
        }
    }

    @Test
    void pingFloodsEndTheConnection() throws IOException {
        try (TestServer server = server("return 200 ok;")) {
            flood(server, out -> times(100, () -> FrameWriter.ping(out, 1, false)));
        }
    }

    @Test
    void priorityFloodsEndTheConnection() throws IOException {
        try (TestServer server = server("return 200 ok;")) {
            flood(server, out -> times(100, () -> {
                FrameWriter.header(out, 5, FrameType.PRIORITY, 0, 1);
                out.putInt(0).put((byte) 1);
            }));
        }
    }

    @Test
    void emptyDataFloodsEndTheConnection() throws IOException {
        try (Origin silent = Origin.scripted(wire -> wire.readToEnd());
             TestServer server = server("location / { return 200 ok; } location /p { proxy_pass http://"
                     + silent.address() + "; }");
             FrameClient client = FrameClient.open(server.address())) {
            int stream = client.post("/p");
            client.flood(out -> times(100, () -> FrameWriter.data(out, stream, 0, false)), 200);
            assertTrue(client.readToEnd().stream().anyMatch(event -> event.contains(CALM)), client.events()::toString);
        }
    }

    @Test
    void continuationFloodsEndTheConnection() throws IOException {
        try (TestServer server = server("return 200 ok;"); FrameClient client = FrameClient.open(server.address())) {
            client.frame(out -> FrameWriter.header(out, 0, FrameType.HEADERS, 0, 1));
            client.flood(out -> times(100, () -> FrameWriter.header(out, 0, FrameType.CONTINUATION, 0, 1)), 200);
            assertTrue(client.readToEnd().stream().anyMatch(event -> event.contains(CALM)), client.events()::toString);
        }
    }

    @Test
    void tinyWindowUpdatesEndTheConnection() throws IOException {
        try (TestServer server = server("", "f.txt", "x".repeat(100_000));
             FrameClient client = FrameClient.open(server.address(), PeerSettings.INITIAL_WINDOW_SIZE, 1)) {
            int stream = client.get("/f.txt");
            client.awaitEvent(stream + " data 1");
            client.flood(out -> times(100, () -> FrameWriter.windowUpdate(out, stream, 1)), 200);
            assertTrue(client.readToEnd().stream().anyMatch(event -> event.contains(CALM)), client.events()::toString);
        }
    }

    /// A field of 4,000 bytes, then thousands of references to it in one block.
    @Test
    void anHpackBombIsRefused() throws IOException {
        try (TestServer server = server("return 200 ok;"); FrameClient client = FrameClient.open(server.address())) {
            client.frame(out -> {
                int start = FrameWriter.beginHeaders(out);
                out.put(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'});
                out.put(new byte[] {0x40, 1, 'x', 0x7f, (byte) 0xa1, 0x1e});
                out.put("y".repeat(4000).getBytes(ISO_8859_1));
                times(10_000, () -> out.put((byte) 0xbe));
                FrameWriter.endHeaders(out, start, 1, true, 16_384);
            });
            assertEquals("431", client.await(1).status());
        }
    }

    @Test
    void manyStreamsWithoutWindowHoldLittleAndTimeOut() throws IOException {
        try (TestServer server = server("send_timeout 200ms;", "f.txt", "x".repeat(1 << 20));
             FrameClient client = FrameClient.open(server.address(), PeerSettings.INITIAL_WINDOW_SIZE, 0)) {
            for (int i = 0; i < 100; i++) {
                client.get("/f.txt");
            }
            for (int stream = 1; stream < 200; stream += 2) {
                assertEquals("CANCEL", client.await(stream).end());
            }
        }
    }

    @Test
    void aFrameThatNeverEndsIsClosedAfterTheHeaderTimeout() throws IOException {
        try (TestServer server = server("client_header_timeout 100ms; return 200 ok;");
             FrameClient client = FrameClient.open(server.address())) {
            client.frame(out -> FrameWriter.header(out, 100, FrameType.HEADERS, FrameType.END_HEADERS, 1));
            List<String> events = client.readToEnd();
            assertTrue(events.contains("goaway 0 PROTOCOL_ERROR"), events::toString);
        }
    }
}
