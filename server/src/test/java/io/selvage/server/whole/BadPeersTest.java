package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Faults of a peer: the answer that the client receives, and the line in the error log.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class BadPeersTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    private Io io;

    private static String reason(String line) {
        return line.replaceFirst("^\\[(\\w+)\\] \\*\\d+ ", "$1: ").replaceFirst(", client: .*$", "");
    }

    private static List<String> reasons(TestServer server) throws IOException {
        return failures(server).stream().map(BadPeersTest::reason).toList();
    }

    /// The lines about requests, without those about the state of a peer.
    private static List<String> failures(TestServer server) throws IOException {
        return server.errorLog().stream().filter(line -> !line.startsWith("[warn] peer ")).toList();
    }

    @Test
    void malformedAnswerIs502WithOneLogLine() throws IOException {
        for (String bad : List.of("HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX y: z\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\n", "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000) + "\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhi",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n", "HTTP/1.1 103 Hi\r\n\r\n".repeat(10_000))) {
            try (Origin origin = Origin.answering(bad); TestServer server = TestServer.inFrontOf(io, origin, "early_hints 0;")) {
                try (RawClient client = server.connect()) {
                    String first = client.send(GET).readAnswer();
                    String second = client.send(GET).readAnswer();
                    assertTrue(first.startsWith("HTTP/1.1 502 "), () -> bad + "\n" + first);
                    assertTrue(second.startsWith("HTTP/1.1 502 "), () -> bad + "\n" + second);
                }
                assertEquals(2, origin.connections(), bad);
                List<String> log = server.errorLog();
                assertEquals(2, log.size(), () -> bad + "\n" + log);
                assertTrue(log.getFirst().contains(", upstream: \"" + origin.address() + "\""), log.getFirst());
            }
        }
    }

    @Test
    void bytesAfterAnAnswerAreDiscardedWithTheConnection() throws IOException {
        String another = "HTTP/1.1 200 OK\r\nX-Evil: 1\r\n\r\n";
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" + another);
             TestServer server = TestServer.inFrontOf(io, origin); RawClient client = server.connect()) {
            for (int i = 1; i <= 3; i++) {
                String answer = client.send(GET).readAnswer();
                assertTrue(answer.endsWith("\r\n\r\nhi"), answer);
                assertFalse(answer.contains("Evil"), answer);
                assertEquals(i, origin.connections());
            }
        }
    }

    @Test
    void bodyOfABodilessAnswerIsDropped() throws IOException {
        for (String status : List.of("204 No Content", "304 Not Modified")) {
            try (Origin origin = Origin.answering("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nhi");
                 TestServer server = TestServer.inFrontOf(io, origin); RawClient client = server.connect()) {
                for (int i = 0; i < 2; i++) {
                    String answer = client.send(GET).readHead();
                    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
                }
            }
        }
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
             TestServer server = TestServer.inFrontOf(io, origin); RawClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                String answer = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
                assertTrue(answer.contains("\r\nContent-Length: 2\r\n"), answer);
            }
        }
    }

    @Test
    void truncatedAnswerNeverLooksComplete() throws Exception {
        for (String part : List.of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nshort")) {
            for (boolean reset : List.of(true, false)) {
                var seen = new Signal();
                try (Origin origin = Origin.scripted(wire -> {
                    wire.readRequest();
                    wire.send(part);
                    seen.await();
                    if (reset) {
                        wire.reset();
                    }
                }); TestServer server = TestServer.inFrontOf(io, origin, "proxy_buffering off;");
                     RawClient client = server.connect()) {
                    String head = client.send(GET).readHead();
                    client.readUntil("short");
                    seen.give();
                    String rest = "";
                    try {
                        rest = client.readToEnd();
                    } catch (IOException _) {
                        // A reset is an even clearer signal.
                    }
                    String last = rest;
                    assertFalse(rest.contains("0\r\n\r\n"), () -> part + head + last);
                    List<String> reasons = reasons(server);
                    assertEquals(List.of("error: upstream prematurely closed connection while reading upstream"), reasons);
                    assertEquals(List.of("GET / HTTP/1.1|200"), server.accessLog());
                }
            }
        }
    }

    @Test
    void silentPeerIs504() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.readToEnd();
        }); TestServer server = TestServer.inFrontOf(io, origin, "proxy_read_timeout 100ms;");
             RawClient client = server.connect()) {
            assertTrue(client.send(GET).readAnswer().startsWith("HTTP/1.1 504 "));
            assertEquals(List.of("error: upstream timed out (110: Connection timed out) while reading response header "
                    + "from upstream"),
                    reasons(server));
            assertEquals(List.of("GET / HTTP/1.1|504"), server.accessLog());
        }
    }

    @Test
    void incompleteHeadIs504() throws IOException {
        for (String half : List.of("H", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10))) {
            try (Origin origin = Origin.scripted(wire -> {
                wire.readRequest();
                wire.send(half);
                wire.readToEnd();
            }); TestServer server = TestServer.inFrontOf(io, origin, "proxy_read_timeout 100ms; early_hints 0;")) {
                assertTrue(server.get("/").startsWith("HTTP/1.1 504 "), half);
                assertEquals(List.of("error: upstream timed out (110: Connection timed out) while reading response header "
                        + "from upstream"), reasons(server));
            }
        }
    }

    @Test
    void stalledBodyIsTruncated() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n");
            wire.readToEnd();
        }); TestServer server = TestServer.inFrontOf(io, origin, "proxy_read_timeout 1s;");
             RawClient client = server.connect()) {
            client.send(GET).readUntil("short");
            String rest = "";
            try {
                rest = client.readToEnd();
            } catch (IOException _) {
                // A reset is an even clearer signal.
            }
            assertFalse(rest.contains("0\r\n\r\n"), rest);
            assertEquals(List.of("error: upstream timed out (110: Connection timed out) while reading upstream"),
                    reasons(server));
        }
    }

    @Test
    void refusedConnectionIs502WithOneLogLinePerTry() throws IOException {
        String one = Origin.refusing();
        String two = Origin.refusing();
        try (TestServer server = TestServer.inFrontOf(io, "server " + one + "; server " + two + ";")) {
            assertTrue(server.get("/").startsWith("HTTP/1.1 502 "));
            List<String> log = failures(server);
            assertEquals(2, log.size(), log.toString());
            assertTrue(log.get(0).matches("\\[error\\] .*connect\\(\\) failed .*, upstream: \"" + one + "\".*"), log.toString());
            assertTrue(log.get(1).matches("\\[error\\] .*connect\\(\\) failed .*, upstream: \"" + two + "\".*"), log.toString());
        }
    }

    @Test
    void nextPeerAnswersIfOneFails() throws IOException {
        try (Origin broken = Origin.scripted(wire -> wire.readRequest());
             Origin good = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
             TestServer server = TestServer.inFrontOf(io, "server " + broken.address() + "; server " + good.address() + ";")) {
            assertTrue(server.get("/").endsWith("\r\n\r\nhi"));
            assertEquals(List.of("error: upstream prematurely closed connection while reading response header from upstream"),
                    reasons(server));
        }
    }

    @Test
    void getIsRetriedOnAKeptConnectionClosedByThePeer() throws IOException {
        try (Origin origin = Origin.answeringOnce("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
             TestServer server = TestServer.inFrontOf(io, origin); RawClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                assertTrue(client.send(GET).readAnswer().endsWith("\r\n\r\nhi"));
            }
            assertEquals(20, origin.requests().size());
        }
    }

    @Test
    void answerBeforeTheEndOfTheRequestBodyIsSent() throws Exception {
        var answered = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
            answered.give();
            wire.readToEnd();
        }); TestServer server = TestServer.inFrontOf(io, origin, "proxy_request_buffering off;");
             RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1000));
            answered.await();
            client.send("x".repeat(1000));
            String answer = client.readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 413 ") && answer.endsWith("no"), answer);
        }
    }

    /// A peer that answers while the body comes has got a part of it. A named location keeps the method, so its peer would get
    /// half a request.
    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET"})
    void errorPageIsAskedForWithoutABodyThatWasStreamedInPart(String method) throws Exception {
        for (String page : List.of("/page", "@page")) {
            var answered = new Signal();
            try (Origin origin = Origin.scripted(wire -> {
                wire.readHead();
                wire.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                answered.give();
                wire.readToEnd();
            }); Origin pages = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
                 TestServer server = TestServer.inFrontOf(io, origin, "proxy_request_buffering off; proxy_intercept_errors on;",
                         "error_page 502 = " + page + ";",
                         "location " + page + " { proxy_pass http://" + pages.address() + "; }");
                 RawClient client = server.connect()) {
                client.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nSEE-");
                answered.await();
                client.send("THIS");
                String answer = client.readToEnd();
                if (page.equals("@page")) {
                    assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
                    assertEquals(List.of(), pages.requests());
                } else {
                    assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("page"), answer);
                    String request = pages.requests().getFirst();
                    assertTrue(request.startsWith("GET /page ") && request.endsWith("\r\n\r\n"), request);
                    assertFalse(request.contains("Content-Length"), request);
                }
            }
        }
    }

    @Test
    void protocolChangesOnlyAfter101() throws IOException {
        String upgrade = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
        for (String status : List.of("200 OK", "404 Not Found", "426 Upgrade Required")) {
            try (Origin origin = Origin.answering("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
                 TestServer server = TestServer.inFrontOf(io, origin, "proxy_set_header Upgrade $http_upgrade;",
                         "proxy_set_header Connection upgrade;")) {
                String answer = server.ask(upgrade + "GET /early HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
                assertTrue(answer.endsWith("\r\n\r\nno"), answer);
                assertEquals(1, origin.requests().size());
            }
        }
    }

    @Test
    void postIsNotRetriedAfterItWasSent() throws IOException {
        try (Origin dropping = Origin.scripted(wire -> wire.readRequest());
             Origin good = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
             TestServer server = TestServer.inFrontOf(io, "server " + dropping.address() + "; server " + good.address() + ";")) {
            String answer = server.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
            assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
            assertEquals(0, good.requests().size());
            assertEquals(1, failures(server).size());
        }
    }

    @Test
    void connectionWithUnsolicitedBytesIsNotReused() throws Exception {
        var idle = new Signal();
        var spoken = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            idle.await();
            wire.send("HTTP/1.1 200 OK\r\nX-Evil: 1\r\nContent-Length: 2\r\n\r\nno");
            spoken.give();
            wire.readToEnd();
        }, wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        }); TestServer server = TestServer.inFrontOf(io, origin); RawClient client = server.connect()) {
            assertTrue(client.send(GET).readAnswer().endsWith("hi"));
            idle.give();
            spoken.await();
            assertTrue(client.send(GET).readAnswer().endsWith("hi"));
            assertEquals(2, origin.connections());
        }
    }
}
