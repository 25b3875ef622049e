package io.selvage.server.http2;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A running server, seen by a client of HTTP/2.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class Http2ServerTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Parameter
    private Io io;

    private TestServer site(String text, String... files) throws IOException {
        return TestServer.nginx(io, "server { listen 127.0.0.1:0; http2 on; root .; " + text + " }", files);
    }

    private TestServer proxy(Origin origin, String more) throws IOException {
        return site("location / { proxy_pass http://" + origin.address() + "; " + more + " }");
    }

    private static FrameClient open(TestServer server) throws IOException {
        return FrameClient.open(server.address());
    }

    @Test
    void filesAreAnsweredWithoutFieldsOfTheConnection() throws IOException {
        try (TestServer server = site("server_tokens off; add_header Connection upgrade; add_header Keep-Alive x;",
                "f.txt", "hello");
             FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.get("/f.txt"));
            assertEquals("200", response.status());
            assertEquals("hello", response.body());
            assertEquals("5", response.head().first("content-length").orElse(""));
            assertEquals(List.of("selvage"), response.head().all("server"));
            assertTrue(response.head().contains("date"));
            assertFalse(response.head().contains("connection") || response.head().contains("keep-alive"));
            for (int i = 0; i < response.head().size(); i++) {
                assertEquals(response.head().name(i).toLowerCase(Locale.ROOT), response.head().name(i));
            }
        }
    }

    @Test
    void headIsAnsweredWithoutABody() throws IOException {
        try (TestServer server = site("", "f.txt", "hello"); FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.send(true, FrameClient.request("HEAD", "/f.txt")));
            assertEquals("5", response.head().first("content-length").orElse(""));
            assertEquals("", response.body());
            assertEquals("end", response.end());
        }
    }

    @Test
    void aHundredRequestsAtATimeAreAnswered() throws IOException {
        try (TestServer server = site("", "f.txt", "x".repeat(3000)); FrameClient client = open(server)) {
            client.window(0, 1 << 20);
            List<Integer> streams = new ArrayList<>();
            client.frame(out -> {
                for (int i = 0; i < 100; i++) {
                    int stream = client.nextStream();
                    streams.add(stream);
                    client.headers(out, stream, true, FrameClient.request("GET", "/f.txt"));
                }
            });
            for (int stream : streams) {
                assertEquals("x".repeat(3000), client.await(stream).body());
            }
        }
    }

    @Test
    void aLongBodyWaitsForTheWindows() throws IOException {
        String text = "0123456789".repeat(20_000);
        try (TestServer server = site("", "f.txt", text);
             FrameClient client = FrameClient.open(server.address(), PeerSettings.INITIAL_WINDOW_SIZE, 1000)) {
            int stream = client.get("/f.txt");
            client.awaitEvent(stream + " data 1000");
            client.ping(1).awaitEvent("ping ack 1");
            assertEquals(1000, client.response(stream).body().length());
            client.window(stream, 1 << 20).window(0, 1 << 20);
            assertEquals(text, client.await(stream).body());
        }
    }

    @Test
    void aStreamWithoutAWindowIsResetAfterSendTimeout() throws IOException {
        try (TestServer server = site("send_timeout 100ms;", "f.txt", "hello");
             FrameClient client = FrameClient.open(server.address(), PeerSettings.INITIAL_WINDOW_SIZE, 0)) {
            assertEquals("CANCEL", client.await(client.get("/f.txt")).end());
        }
    }

    @Test
    void aClientThatTakesNothingLeavesOneLineInTheErrorLog() throws Exception {
        try (TestServer server = site("send_timeout 100ms; access_log done.log;", "f.txt", "hello");
             FrameClient client = FrameClient.open(server.address(), PeerSettings.INITIAL_WINDOW_SIZE, 0)) {
            assertEquals("CANCEL", client.await(client.get("/f.txt")).end());
            server.awaitLines("done.log", 1);              // behind the line in the error log
            client.endOutput();
            List<String> log = server.errorLog().stream().filter(line -> line.startsWith("[info]")).toList();
            assertEquals(1, log.size(), log::toString);
            assertTrue(log.getFirst().contains("client timed out (110: Connection timed out) while sending response to "
                    + "client, client: 127.0.0.1, server: , request: \"GET /f.txt HTTP/2.0\""), log::toString);
        }
    }

    @Test
    void bodiesArePassedOnWithLengthOrInChunks() throws IOException {
        try (Origin origin = Origin.answering(OK); TestServer server = proxy(origin, "proxy_http_version 1.1;");
             FrameClient client = open(server)) {
            int known = client.post("/a", "content-length", "10");
            assertEquals("ok", client.data(known, "01234", false).data(known, "56789", true).await(known).body());
            assertTrue(origin.requests().getLast().endsWith("\r\n\r\n0123456789"), origin.requests()::toString);
            int unknown = client.post("/b");
            assertEquals("ok", client.data(unknown, "abc", true).await(unknown).body());
            assertTrue(origin.requests().getLast().contains("abc"), origin.requests()::toString);
        }
    }

    @Test
    void aBodyLargerThanTheWindowIsReceived() throws IOException {
        String piece = "x".repeat(16_000);
        try (Origin origin = Origin.answering(OK); TestServer server = proxy(origin, "");
             FrameClient client = open(server)) {
            int stream = client.post("/");
            for (int i = 1; i <= 30; i++) {
                int sent = i * piece.length();
                client.awaitEvent(_ -> 65_536 + client.windowOf(stream) >= sent);
                client.data(stream, piece, false);
            }
            assertEquals("ok", client.data(stream, "", true).await(stream).body());
            assertEquals(480_000, origin.requests().getLast().split("\r\n\r\n", 2)[1].length());
        }
    }

    @Test
    void aClientThatExpects100GetsIt() throws IOException {
        try (Origin origin = Origin.answering(OK); TestServer server = proxy(origin, ""); FrameClient client = open(server)) {
            int stream = client.post("/", "content-length", "2", "expect", "100-continue");
            client.awaitEvent(stream + " head 100");
            assertEquals("ok", client.data(stream, "hi", true).await(stream).body());
        }
    }

    @Test
    void interimResponsesAndTrailersArePassedOn() throws IOException {
        String answer = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                + "Trailer: X-End\r\n\r\n2\r\nok\r\n0\r\nX-End: yes\r\n\r\n";
        try (Origin origin = Origin.answering(answer);
             TestServer server = proxy(origin, "proxy_http_version 1.1; proxy_pass_trailers on;");
             FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.get("/"));
            assertEquals(List.of("103"), response.interim());
            assertEquals("ok", response.body());
            assertEquals("yes", response.trailers().first("x-end").orElse(""));
            assertFalse(response.head().contains("transfer-encoding"));
        }
    }

    @Test
    void aResetEndsTheRequestAtThePeer() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Origin.Script script = wire -> {
            wire.readRequest();
            asked.countDown();
            wire.end();
            ended.countDown();
        };
        try (Origin origin = Origin.scripted(script);
             TestServer server = proxy(origin, ""); FrameClient client = open(server)) {
            int stream = client.get("/");
            assertTrue(asked.await(50, TimeUnit.SECONDS));
            client.reset(stream, ErrorCode.CANCEL);
            assertTrue(ended.await(50, TimeUnit.SECONDS));
            client.endOutput();
            assertEquals(List.of("GET / HTTP/2.0|499"), server.accessLog());
        }
    }

    @Test
    void aBodyOfAnotherLengthThanAnnouncedIsAnswered400AndReset() throws IOException {
        try (Origin origin = Origin.answering(OK); TestServer server = proxy(origin, ""); FrameClient client = open(server)) {
            int less = client.post("/", "content-length", "10");
            assertEquals("400", client.data(less, "01234", true).await(less).status());
            client.awaitEvent(less + " reset PROTOCOL_ERROR");
            int more = client.post("/", "content-length", "3");
            assertEquals("400", client.data(more, "01234", true).await(more).status());
            client.awaitEvent(more + " reset PROTOCOL_ERROR");
            assertEquals(List.of(), origin.requests());
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheBodyStopsTheBodyWithNoError() throws IOException {
        try (TestServer server = site("return 200 ok;"); FrameClient client = open(server)) {
            int stream = client.post("/", "content-length", "1000000");
            assertEquals("ok", client.await(stream).body());
            client.awaitEvent(stream + " reset NO_ERROR");
            assertEquals("ok", client.await(client.get("/")).body());
        }
    }

    @Test
    void connectionEndsAfterKeepaliveRequests() throws IOException {
        try (TestServer server = site("keepalive_requests 2; return 200 ok;"); FrameClient client = open(server)) {
            assertEquals("ok", client.await(client.get("/")).body());
            assertEquals("ok", client.await(client.get("/")).body());
            assertTrue(client.readToEnd().contains("goaway 3 NO_ERROR"), client.events()::toString);
        }
    }

    @Test
    void idleConnectionEndsAfterKeepaliveTimeout() throws IOException {
        try (TestServer server = site("keepalive_timeout 100ms; return 200 ok;"); FrameClient client = open(server)) {
            assertEquals("ok", client.await(client.get("/")).body());
            assertTrue(client.readToEnd().contains("goaway 1 NO_ERROR"), client.events()::toString);
        }
    }

    @Test
    void aStopTellsTheClientTwiceAndAnswersWhatItHas() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        Origin.Script script = wire -> {
            wire.readRequest();
            asked.countDown();
            answer.await();
            wire.send(OK);
        };
        try (Origin origin = Origin.scripted(script);
             TestServer server = proxy(origin, ""); FrameClient client = open(server); FrameClient idle = open(server)) {
            idle.awaitEvent("settings ack");
            int stream = client.get("/");
            assertTrue(asked.await(50, TimeUnit.SECONDS));
            Thread stop = Thread.startVirtualThread(() -> server.stop(Duration.ofSeconds(50)));
            assertEquals("goaway 0 NO_ERROR", idle.awaitEvent("goaway"));
            client.awaitEvent("goaway 2147483647 NO_ERROR");
            String ping = client.awaitEvent(event -> event.startsWith("ping ") && !event.startsWith("ping ack"));
            client.frame(out -> FrameWriter.ping(out, Long.parseLong(ping.substring(5)), true));
            client.awaitEvent("goaway " + stream + " NO_ERROR");
            answer.countDown();
            assertEquals("ok", client.await(stream).body());
            client.readToEnd();
            client.endOutput();
            idle.endOutput();
            stop.join();
        }
    }

    /// The request that comes in its time is answered, and the client hears of the end with it.
    @Test
    void keepaliveMinTimeoutKeepsAnIdleConnectionDuringAStop() throws Exception {
        try (TestServer server = site("location / { return 204; } location /kept { return 204; keepalive_min_timeout 15s; }");
             FrameClient other = open(server); FrameClient kept = open(server)) {
            assertEquals("204", other.await(other.get("/")).status());
            assertEquals("204", kept.await(kept.get("/kept")).status());
            Thread stop = Thread.startVirtualThread(() -> server.stop(Duration.ofSeconds(50)));
            assertEquals("goaway 1 NO_ERROR", other.awaitEvent("goaway"));
            String event = "";
            while (!event.startsWith("goaway")) {              // until the stop has reached this connection too
                String end = kept.get("/kept") + " end";
                event = kept.awaitEvent(each -> each.equals(end) || each.startsWith("goaway"));
            }
            assertEquals("goaway 2147483647 NO_ERROR", event);
            String last = kept.readToEnd().stream().filter(each -> each.startsWith("goaway")).toList().getLast();
            assertEquals("204", kept.response(Integer.parseInt(last.split(" ")[1])).status());
            other.endOutput();
            kept.endOutput();
            stop.join();
        }
    }

    @Test
    void aKeptConnectionThatStaysIdleEndsAfterItsTime() throws Exception {
        try (TestServer server = site("keepalive_min_timeout 300ms; return 204;"); FrameClient client = open(server)) {
            assertEquals("204", client.await(client.get("/")).status());
            Thread stop = Thread.startVirtualThread(() -> server.stop(Duration.ofSeconds(50)));
            assertTrue(client.readToEnd().contains("goaway 1 NO_ERROR"), client.events()::toString);
            client.endOutput();
            stop.join();
        }
    }

    /// Two places: the connection that is kept longest idle would have to go, but for its `keepalive_min_timeout`.
    @Test
    void anIdleConnectionThatMakesRoomGetsGoaway() throws IOException {
        String text = "worker_processes 1; events { worker_connections 2; } http { access_log off; server { listen 127.0.0.1:0;"
                + " http2 on; location / { return 204; } location /kept { return 204; keepalive_min_timeout 60s; } } }";
        try (TestServer server = TestServer.main(io, text); FrameClient kept = open(server)) {
            assertEquals("204", kept.await(kept.get("/kept")).status());
            try (FrameClient other = open(server)) {
                assertEquals("204", other.await(other.get("/")).status());
                try (FrameClient third = open(server)) {
                    assertEquals("204", third.await(third.get("/")).status());
                    assertTrue(other.readToEnd().contains("goaway 1 NO_ERROR"), other.events()::toString);
                    assertEquals("204", kept.await(kept.get("/kept")).status());
                }
            }
        }
    }

    @Test
    void connectIsRefused() throws IOException {
        try (TestServer server = site("return 200 ok;"); FrameClient client = open(server)) {
            assertEquals("405", client.await(client.send(true, ":method", "CONNECT", ":authority", "a:80")).status());
        }
    }

    @Test
    void aWebSocketIsPassedToThePeerAsAnUpgrade() throws Exception {
        Origin.Script script = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: x\r\n\r\n");
            while (true) {
                wire.send("<" + wire.readUntil(".") + ">");
            }
        };
        try (Origin origin = Origin.scripted(script);
             TestServer server = proxy(origin, ""); FrameClient client = open(server)) {
            client.awaitEvent("setting " + PeerSettings.ENABLE_CONNECT_PROTOCOL + " 1");
            int stream = client.send(false, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/chat",
                    ":authority", "a", "sec-websocket-version", "13");
            client.awaitEvent(stream + " head 200");
            assertFalse(client.response(stream).head().contains("sec-websocket-accept"));
            client.data(stream, "hello.", false).awaitEvent(stream + " data 8");
            assertEquals("<hello.>", client.response(stream).body());
            String request = origin.requests().getFirst().toLowerCase(Locale.ROOT);
            assertTrue(request.startsWith("get /chat http/1."), request);
            assertTrue(request.contains("\r\nupgrade: websocket\r\n") && request.contains("\r\nsec-websocket-key: "), request);
            client.data(stream, "", true);
            assertFalse(client.await(stream).end().isEmpty());
        }
    }

    @Test
    void aLocationWithoutWebSocketsDoesNotAcceptOne() throws IOException {
        try (TestServer server = site("return 200 ok;"); FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.send(false, ":method", "CONNECT", ":protocol", "websocket",
                    ":scheme", "http", ":path", "/", ":authority", "a"));
            assertEquals("501", response.status());
        }
    }

    @Test
    void theMostUrgentResponseIsSentFirst() throws IOException {
        String text = "x".repeat(50_000);
        try (TestServer server = site("", "f.txt", text);
             FrameClient client = FrameClient.open(server.address(), PeerSettings.INITIAL_WINDOW_SIZE, 1 << 20)) {
            client.ping(1).awaitEvent("ping ack 1");
            int filler = client.get("/f.txt");
            client.awaitEvent(filler + " end");
            int late = client.get("/f.txt", "priority", "u=7");
            int soon = client.get("/f.txt", "priority", "u=0");
            client.awaitEvent(late + " head");
            client.awaitEvent(soon + " head");             // both wait for a window now
            client.window(0, 1 << 20);
            client.await(late);
            client.await(soon);
            assertTrue(client.events().indexOf(soon + " end") < client.events().indexOf(late + " end"),
                    client.events()::toString);
        }
    }
}
