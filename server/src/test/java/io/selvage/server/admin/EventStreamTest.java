package io.selvage.server.admin;

import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class EventStreamTest {
    private static final byte[] SUBSCRIBE = "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8);
    private static final String SITE = "upstream app { server 127.0.0.1:1; } server { listen 127.0.0.1:0; return 204; }";

    /// A subscriber, whose lines come without those of the chunks.
    private record Subscriber(Socket socket, BufferedReader lines) implements AutoCloseable {
        static Subscriber to(Administered server) throws IOException {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            socket.getOutputStream().write(SUBSCRIBE);
            InputStreamReader text = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
            return new Subscriber(socket, new BufferedReader(text));
        }

        String awaitLine(String start) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.startsWith(start)) {
                line = lines.readLine();
            }
            assertTrue(line != null, "the stream ended before " + start);
            return line;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void aSubscriberGetsASnapshotAtOnceAndThenEverySecond() throws Exception {
        try (Administered server = Administered.http(SITE); Subscriber subscriber = Subscriber.to(server)) {
            subscriber.awaitLine("Content-Type: text/event-stream");
            assertEquals("retry: 2000", subscriber.awaitLine("retry"));
            for (int i = 0; i < 2; i++) {
                assertEquals("event: snapshot", subscriber.awaitLine("event"));
                JsonObject snapshot = Administered.json(subscriber.awaitLine("data").substring(6));
                assertEquals("running", snapshot.getJsonObject("status").getString("state"));
                assertEquals("app", snapshot.getJsonArray("upstreams").getJsonObject(0).getString("name"));
            }
        }
    }

    @Test
    void snapshotsAreAsDescribed() throws Exception {
        try (Administered server = Administered.http(SITE); Subscriber subscriber = Subscriber.to(server)) {
            JsonObject snapshot = Administered.json(subscriber.awaitLine("data").substring(6));
            new DocumentSchema(server.document("/api/openapi.json"))
                    .check(Administered.json("{\"$ref\": \"#/components/schemas/Snapshot\"}"), snapshot, "snapshot");
        }
    }

    @Test
    void theThirtyThirdSubscriberIsRefusedUntilOneLeaves() throws Exception {
        try (Administered server = Administered.http(SITE)) {
            List<Subscriber> all = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                Subscriber subscriber = Subscriber.to(server);
                subscriber.awaitLine("event");
                all.add(subscriber);
            }
            assertEquals(503, server.get("/api/events").statusCode());
            all.removeFirst().close();
            Subscriber next = Subscriber.to(server);
            while (!next.lines().readLine().contains(" 200 ")) {
                next.close();
                server.admin().sendSnapshot();             // who has left is noticed by a write
                next = Subscriber.to(server);
            }
            next.close();
            for (Subscriber subscriber : all) {
                subscriber.close();
            }
        }
    }

    @Test
    void theStreamEndsWithTheServer() throws Exception {
        try (Administered server = Administered.http(SITE); Subscriber subscriber = Subscriber.to(server)) {
            subscriber.awaitLine("event");
            server.admin().close();
            String line = subscriber.lines().readLine();
            while (line != null) {
                line = subscriber.lines().readLine();
            }
        }
    }

    @Test
    void aSubscriberThatDoesNotReadIsDropped() throws Exception {
        try (Administered server = Administered.http("upstream app { "
                + "server 127.0.0.1:1; ".repeat(400) + "} server { listen 127.0.0.1:0; return 204; }");
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1 << 12);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.getOutputStream().write(SUBSCRIBE);
            assertEquals('H', socket.getInputStream().read());
            for (int i = 0; i < 100; i++) {
                server.admin().sendSnapshot();
            }
            assertTrue(isEnded(socket));
        }
    }

    /// Reads to the end of the stream, which does not come for a subscriber that is kept.
    private static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes().length > 0;
        } catch (IOException reset) {
            return true;
        }
    }
}
