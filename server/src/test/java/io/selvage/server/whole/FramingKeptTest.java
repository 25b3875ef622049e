package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Selvage and the peer agree on the end of each request: no byte of one request becomes part of another.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class FramingKeptTest {
    @Parameter
    private Io io;
    private Origin origin;
    private TestServer server;

    /// The peer answers with the path and the body that it received.
    @BeforeEach
    void start() throws IOException {
        origin = Origin.scripted(wire -> {
            while (true) {
                String request = wire.readRequest();
                String body = request.split(" ")[1] + "|"
                        + request.substring(request.indexOf("\r\n\r\n") + 4).replace("\r\n", "/");
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            }
        });
        server = TestServer.inFrontOf(io, origin,
                "location /streamed { proxy_pass http://app; proxy_request_buffering off; }");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        origin.close();
    }

    @Test
    void bytesAfterABodyAreTheNextRequest() throws IOException {
        String answers = server.ask("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                + "xyz / HTTP/1.1\r\nHost: b,c\r\n\r\n");
        assertTrue(answers.startsWith("HTTP/1.1 200 "), answers);
        assertTrue(answers.contains("HTTP/1.1 400 "), answers);
        assertEquals(List.of("POST /1"), peerSaw());
    }

    @Test
    void bodyOfAGetIsPassedOn() throws IOException {
        for (String method : List.of("GET", "DELETE", "OPTIONS", "PROPFIND")) {
            try (RawClient client = server.connect()) {
                client.send(method + " /body HTTP/1.1\r\nHost: a\r\nContent-Length: 28\r\n\r\nGET /no HTTP/1.1\r\nHost:a\r\n\r\n"
                        + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(client.readAnswer().contains("GET /no"), method);
                assertTrue(client.readAnswer().endsWith("/next|"), method);
            }
        }
        assertFalse(peerSaw().contains("GET /no"));
    }

    @Test
    void streamedBodyEndsWhereTheClientEndsIt() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST /streamed HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                    + "3;x=\"y\"\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: t\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(client.readAnswer().contains("/streamed|"));
            assertTrue(client.readAnswer().endsWith("/next|"));
        }
        assertEquals(List.of("POST /streamed", "GET /next"), peerSaw());
        assertFalse(origin.requests().getFirst().contains("Trailer"), origin.requests().getFirst());
    }

    @Test
    void incompleteBodyIsNotPassedOnAsComplete() throws IOException {
        for (String framing : List.of("Content-Length: 10\r\n\r\nshort", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")) {
            for (String path : List.of("/held", "/streamed")) {
                try (RawClient client = server.connect()) {
                    client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + framing).endOutput();
                    String answer = client.readToEnd();
                    assertFalse(answer.startsWith("HTTP/1.1 200"), path + " " + framing + ": " + answer);
                }
            }
        }
        assertEquals(List.of(), peerSaw());
    }

    @Test
    void expectedContinueIsSent() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST /late HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readHead());
            assertTrue(client.send("hi").readAnswer().endsWith("/late|hi"));

            client.send("POST /early HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
            String head = client.readHead();
            String answer = head.startsWith("HTTP/1.1 100") ? client.readAnswer() : head + client.read("/early|hi".length());
            assertTrue(answer.endsWith("/early|hi"), answer);

            client.send("POST /none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n");
            assertTrue(client.readAnswer().endsWith("/none|"));
        }
        assertTrue(origin.requests().stream().noneMatch(request -> request.contains("Expect")));
        for (String expectation : List.of("y 100-continue", "100-continue, x", "200-ok",
                "100-continue\r\nExpect: 100-continue")) {
            String answer = server.ask("POST /no HTTP/1.1\r\nHost: a\r\nExpect: " + expectation
                    + "\r\nContent-Length: 34\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 417 "), answer);
            assertEquals(1, answer.split("HTTP/1.1 ", -1).length - 1, answer);
        }
        assertEquals(List.of("POST /late", "POST /early", "POST /none"), peerSaw());
    }

    @Test
    void emptyLinesBeforeARequestAreIgnored() throws IOException {
        assertTrue(server.ask("\r\n\r\nGET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").contains("/1|"));
        try (RawClient client = server.connect()) {
            client.send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi\r\n");
            assertTrue(client.readAnswer().endsWith("/2|hi"));
            assertTrue(client.send("\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer().endsWith("/3|"));
        }
        assertTrue(origin.requests().stream().noneMatch(request -> request.startsWith("\r")));
        assertEquals(List.of("GET /1", "POST /2", "GET /3"), peerSaw());
    }

    @Test
    void requestWithALoneLineFeedIsNotPassedOn() throws IOException {
        for (String request : List.of("GET /1 HTTP/1.1\nHost: a\r\n\r\n", "GET /1 HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
                "GET /1 HTTP/1.0\r\nHost: a\r\n\n", "\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n")) {
            String answer = server.ask(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("\r\nConnection: close\r\n"), answer);
        }
        assertEquals(List.of(), peerSaw());
    }

    @Test
    void aHigherMinorVersionIsPassedOnAsOurs() throws IOException {
        assertTrue(server.ask("GET /1 HTTP/1.9\r\nHost: a\r\nConnection: close\r\n\r\n").contains("/1|"));
        assertTrue(origin.requests().getFirst().startsWith("GET /1 HTTP/1.1\r\n"));
    }

    @Test
    void hopByHopFieldsAreNotPassedOn() throws IOException {
        server.ask("GET /hop HTTP/1.1\r\nHost: a\r\nKeep-Alive: 1\r\nTE: gzip\r\nTrailer: X\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nProxy-Connection: x\r\nX-Mine: 1\r\nX-Kept: 1\r\n"
                + "Connection: close, X-Mine, HTTP2-Settings, Upgrade\r\n\r\n");
        String head = origin.requests().getFirst();
        for (String gone : List.of("Keep-Alive", "TE:", "Trailer", "Upgrade", "HTTP2-Settings", "Proxy-Connection", "X-Mine")) {
            assertFalse(head.contains("\r\n" + gone), head);
        }
        assertTrue(head.contains("X-Kept: 1\r\n"), head);
    }

    @Test
    void connectionFieldCannotRemoveHostOrFraming() throws IOException {
        server.ask("POST /named HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nX-Forwarded-For: 1.2.3.4\r\n"
                + "Connection: close, Host, Content-Length, Transfer-Encoding, X-Forwarded-For\r\n\r\nhi");
        String request = origin.requests().getFirst();
        assertTrue(request.contains("\r\nHost: "), request);
        assertTrue(request.contains("\r\nContent-Length: 2\r\n"), request);
        assertTrue(request.endsWith("\r\n\r\nhi"), request);
    }

    @Test
    void invalidFieldNamesAreDroppedOrRefused() throws IOException {
        String answer = server.ask("GET /1 HTTP/1.1\r\nHost: a\r\nX_Real_IP: 1\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
        assertFalse(origin.requests().getFirst().matches("(?si).*real.ip.*"), origin.requests().getFirst());
        for (String name : List.of("X(y)", "X\u00e9", "X y")) {
            String other = server.ask("GET /2 HTTP/1.1\r\nHost: a\r\n" + name + ": mark\r\nConnection: close\r\n\r\n");
            assertTrue(other.startsWith("HTTP/1.1 400 "), () -> name + ": " + other);
        }
        assertEquals(List.of("GET /1"), peerSaw());
    }

    @Test
    void everyClientGetsItsOwnAnswer() throws Exception {
        List<FutureTask<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int who = i;
            var task = new FutureTask<>(() -> who % 2 == 0 ? honest("h" + who) : mischievous(who));
            clients.add(task);
            Thread.ofVirtual().start(task);
        }
        int honest = 0;
        for (FutureTask<Integer> client : clients) {
            honest += client.get();
        }
        long seen = origin.requests().stream().filter(request -> request.contains("nonce")).count();
        assertEquals(honest, seen);
        assertTrue(origin.requests().stream().noneMatch(request -> request.startsWith("GET /smuggled")));
    }

    /// How many requests it made; each was answered with its own nonce.
    private int honest(String who) throws IOException {
        int made = 0;
        try (RawClient client = server.connect()) {
            for (; made < 100; made++) {
                String nonce = "nonce-" + who + "-" + made;
                String answer = client.send("POST /" + nonce + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                        .readAnswer();
                assertTrue(answer.endsWith("/" + nonce + "|hi"), () -> nonce + ": " + answer);
            }
        }
        return made;
    }

    private int mischievous(int seed) throws IOException {
        var random = new SplittableRandom(seed);
        String tail = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        List<String> bad = List.of("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + tail,
                "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n" + tail,
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n" + tail,
                "Content-Length: 500\r\n\r\n" + tail, "Content-Length : 5\r\n\r\nhello" + tail,
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n" + tail);
        for (int i = 0; i < 60; i++) {
            try (RawClient client = server.connect()) {
                String path = random.nextBoolean() ? "/streamed" : "/held";
                client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + bad.get(random.nextInt(bad.size())));
                if (random.nextBoolean()) {
                    client.reset();
                } else {
                    client.endOutput();
                    client.readToEnd();
                }
            }
        }
        return 0;
    }

    private List<String> peerSaw() {
        return origin.requests().stream().map(request -> request.substring(0, request.indexOf(" HTTP/"))).toList();
    }
}
