package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.net.Io;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The answers that a client gets where a peer violates the protocol, or stops half way.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class BadPeerTest {
    @Parameter
    private Io io;

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTQ/1.1 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "hello\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\0c\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", "HTTP/1.1 200 OK\r\n: b\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"})
    void malformedResponseIsBadGateway(String answer) throws Exception {
        assertRefused(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 2\r\nTransfer-Encoding: chunked", "Content-Length: +2", "Content-Length: 2\r\nContent-Length: 3",
        "Content-Length: 2, 2", "Content-Length:", "Content-Length: 99999999999999999999", "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"})
    void responseWithAmbiguousFramingIsBadGateway(String framing) throws Exception {
        assertRefused("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\nok");
    }

    @Test
    void tooLargeHeadIsBadGateway() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nA: " + "x".repeat(10_000) + "\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("502 failed", proxy.get("/"));
            assertEquals(List.of("upstream sent too big header while reading response header from upstream"), proxy.log());
        }
    }

    @Test
    void bytesBehindResponseAreDroppedAndConnectionIsClosed() throws Exception {
        try (Origin origin = Origin.answering(OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            assertEquals("200 ok", proxy.get("/2"));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void bytesOnIdleConnectionAreNotTakenForNextResponse() throws Exception {
        Signal answered = new Signal();
        Signal sent = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(OK);
            answered.await();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            sent.give();
            wire.readToEnd();
        }, wire -> {
            wire.readRequest();
            wire.send(OK);
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            answered.give();
            sent.await();
            assertEquals("200 ok", proxy.get("/2"));
            assertEquals(2, origin.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"})
    void truncatedBodyNeverLooksComplete(String rest) throws Exception {
        try (Origin origin = Origin.answeringOnce("HTTP/1.1 200 OK\r\n" + rest);
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 half [cut: UPSTREAM CLOSED]", proxy.result(exchange));
            assertEquals("a 200", proxy.attempts(exchange));
            assertEquals(List.of("a: upstream prematurely closed connection while reading upstream"), proxy.log());
            assertEquals(1, origin.requests().size());
        }
    }

    @Test
    void requestIsNotRetriedWhenBodyIsReset() throws Exception {
        Signal half = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            half.await();
            wire.reset();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            var reply = (Answer.Reply) proxy.answer(exchange);
            half.give();
            assertTrue(proxy.read(reply.body()).endsWith("[cut: UPSTREAM CLOSED]"));
            assertEquals(1, origin.requests().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void bodyWhereNoneIsAllowedIsIgnoredAndConnectionIsClosed(String status) throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 " + status + "\r\nContent-Length: 4\r\n\r\nevil");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals(status.substring(0, 4), proxy.get("/1"));
            assertEquals(status.substring(0, 4), proxy.get("/2"));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void bodyOfHeadResponseIsIgnoredAndConnectionIsClosed() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ", proxy.result(proxy.client.asks("HEAD", "/1")));
            assertEquals("200 ", proxy.result(proxy.client.asks("HEAD", "/2")));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void tooManyInterimResponsesAreBadGateway() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            while (true) {
                wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
            }
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("502 failed", proxy.get("/"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Le"})
    void missingOrPartialHeadIsGatewayTimeout(String part) throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(part);
            wire.readToEnd();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(o -> o.readTimeout(ProxyFixture.SHORT))) {
            assertEquals("504 failed", proxy.get("/"));
            assertEquals(List.of("upstream timed out (110: Connection timed out) while reading response header from upstream"),
                    proxy.log());
        }
    }

    @Test
    void stalledBodyIsTruncatedAfterReadTimeout() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            wire.readToEnd();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)
                     .options(o -> o.readTimeout(ProxyFixture.MODERATE))) {
            assertEquals("200 half [cut: UPSTREAM TIMED_OUT]", proxy.get("/"));
        }
    }

    @Test
    void bodyUntilConnectionCloseIsComplete() throws Exception {
        try (Origin origin = Origin.answeringOnce("HTTP/1.0 200 OK\r\n\r\nall of it");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 all of it", proxy.get("/"));
            assertEquals(List.of(), proxy.log());
        }
    }

    private void assertRefused(String answer) throws Exception {
        try (Origin origin = Origin.answering(answer); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("502 failed", proxy.get("/1"));
            assertEquals("502 failed", proxy.get("/2"));
            assertEquals(2, origin.connections());
            List<String> log = proxy.log();
            assertEquals(2, log.size());
            assertTrue(log.getFirst().startsWith("upstream sent invalid header"), log::toString);
        }
    }
}
