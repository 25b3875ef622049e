package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.net.Io;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// A head that announces a body is held for its first bytes, so that a peer that closes between the two has not responded.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class HeadAwaitsBodyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String PROMISE = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    private static final String NO_BODY_CAME = "upstream prematurely closed connection while reading upstream";

    @Parameter
    private Io io;

    private static Origin.Script headAlone(String head) {
        return wire -> {
            wire.readRequest();
            wire.send(head);
            wire.readToEnd();
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nextPeerIsTriedWhenPeerClosesBetweenHeadAndBody(boolean reset) throws Exception {
        try (Origin dying = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(PROMISE);
            if (reset) {
                wire.reset();
            }
        });
             Origin live = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, dying, live)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("a 502, b 200", proxy.attempts(exchange));
            assertEquals(1, proxy.group.upstream().snapshot().getFirst().totals().failed());
            if (!reset) {
                assertEquals(List.of("a: " + NO_BODY_CAME), proxy.log());
            }
        }
    }

    @Test
    void lastPeerClosingBetweenHeadAndBodyIsBadGateway() throws Exception {
        try (Origin dying = Origin.answeringOnce(PROMISE); ProxyFixture proxy = ProxyFixture.to(io, dying)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("502 failed", proxy.result(exchange));
            assertEquals("a 502", proxy.attempts(exchange));
            assertEquals(List.of(NO_BODY_CAME), proxy.log());
        }
    }

    @Test
    void postIsNotRetriedWhenPeerMayHaveProcessedIt() throws Exception {
        try (Origin dying = Origin.answeringOnce(PROMISE); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, dying, live)) {
            assertEquals("502 failed", proxy.post(FakeBody.withLength("buy")));
            assertEquals(List.of(), live.requests());
        }
    }

    @Test
    void idleConnectionThatBroughtHeadIsNotStale() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
            wire.send(PROMISE);
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            assertEquals("502 failed", proxy.get("/2"));
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void missingBodyIsGatewayTimeout() throws Exception {
        try (Origin silent = Origin.scripted(headAlone(PROMISE));
             ProxyFixture proxy = ProxyFixture.to(io, silent)
                     .options(o -> o.readTimeout(ProxyFixture.MODERATE))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("504 failed", proxy.result(exchange));
            assertEquals("a 504", proxy.attempts(exchange));
            assertEquals(List.of("upstream timed out (110: Connection timed out) while reading upstream"), proxy.log());
        }
    }

    @Test
    void clientDisconnectWhileHeadIsHeldAbortsPeer() throws Exception {
        Signal headSent = new Signal();
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(PROMISE);
            headSent.give();
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            FutureTask<String> result = new FutureTask<>(() -> proxy.get("/"));
            Thread.ofVirtual().start(result);
            headSent.await();
            proxy.client.goAway();
            left.await();
            assertEquals("499 failed", result.get());
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().totals().failed());
        }
    }

    @Test
    void bodyThatArrivesAfterHeadIsPassed() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            while (true) {
                String request = wire.readRequest();
                String body = "x".repeat(request.contains("/long") ? 50_000 : 3);
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n");
                for (int at = 0; at < body.length(); at += 997) {
                    wire.send(body.substring(at, Math.min(at + 997, body.length())));
                }
            }
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 xxx", proxy.get("/short"));
            assertEquals("200 " + "x".repeat(50_000), proxy.get("/long"));
            assertEquals("200 xxx", proxy.get("/short"));
            assertEquals(1, origin.connections());
        }
    }

    /// Asserts that the client gets the head although the peer has sent nothing of its body.
    private void goesOutAtOnce(String method, String head, UnaryOperator<ProxyOptionsBuilder> options) throws Exception {
        try (Origin origin = Origin.scripted(headAlone(head)); ProxyFixture proxy =
                ProxyFixture.to(io, origin).options(options)) {
            Answer answer = proxy.answer(proxy.client.asks(method, "/"));
            switch (answer) {
                case Answer.Reply(var _, Body body) -> proxy.abandon(body);
                default -> assertInstanceOf(Answer.StatusOnly.class, answer);
            }
        }
    }

    @Test
    void headIsNotHeldWithoutBuffering() throws Exception {
        goesOutAtOnce("GET", PROMISE, o -> o.buffering(false));
        goesOutAtOnce("GET", "HTTP/1.1 200 OK\r\nX-Accel-Buffering: no\r\nContent-Length: 2\r\n\r\n", options -> options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Content-Type: text/event-stream"})
    void headOfStreamIsNotHeld(String field) throws Exception {
        goesOutAtOnce("GET", "HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n", options -> options);
    }

    @Test
    void headWithoutBodyIsNotHeld() throws Exception {
        goesOutAtOnce("HEAD", PROMISE, options -> options);
        goesOutAtOnce("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", options -> options);
        goesOutAtOnce("GET", "HTTP/1.1 204 No Content\r\n\r\n", options -> options);
        goesOutAtOnce("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", options -> options);
    }

    @Test
    void headIsNotHeldForUnwantedBody() throws Exception {
        goesOutAtOnce("GET", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n", o -> o.intercepting(_ -> true));
        try (Origin origin = Origin.scripted(headAlone(
                "HTTP/1.1 200 OK\r\nX-Accel-Redirect: /files/a\r\nContent-Length: 1000\r\n\r\n"));
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertInstanceOf(Answer.InternalRedirect.class, proxy.answer(proxy.client.asks("GET", "/")));
        }
    }
}
