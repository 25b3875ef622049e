package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.NextUpstream.Condition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// When a request is sent to another peer, and that no peer processes twice what may be processed only once.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class RetryTest {
    @Parameter
    private Io io;

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";
    private static final Origin.Script CLOSES_AFTER_REQUEST = Origin.Wire::readRequest;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void anyMethodIsRetriedWhenPeerRefusesConnection(String method) throws Exception {
        try (Origin live = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, Origin.refusing(), live.address())) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength("body"), method, "/x");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("a 502, b 200", proxy.attempts(exchange));
            assertEquals(List.of("a: connect() failed (Connection refused) while connecting to upstream"), proxy.log());
        }
    }

    @Test
    void getIsRetriedWhenPeerClosesBeforeResponding() throws Exception {
        try (Origin closing = Origin.scripted(CLOSES_AFTER_REQUEST); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, closing, live)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("a 502, b 200", proxy.attempts(exchange));
            assertEquals(List.of("a: upstream prematurely closed connection while reading response header from upstream"),
                    proxy.log());
        }
    }

    @Test
    void postIsNotRetriedWhenPeerMayHaveProcessedIt() throws Exception {
        try (Origin closing = Origin.scripted(CLOSES_AFTER_REQUEST); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, closing, live)) {
            assertEquals("502 failed", proxy.post(FakeBody.withLength("buy")));
            assertEquals(1, closing.requests().size());
            assertEquals(List.of(), live.requests());
        }
    }

    @Test
    void postIsRetriedWithNonIdempotentOption() throws Exception {
        try (Origin closing = Origin.scripted(CLOSES_AFTER_REQUEST); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, closing, live)
                     .options(o -> o.nextUpstream(next(Condition.ERROR, Condition.NON_IDEMPOTENT)))) {
            assertEquals("200 ok", proxy.post(FakeBody.withLength("buy")));
            assertEquals(closing.requests(), live.requests());
        }
    }

    @Test
    void getIsRetriedWhenPeerTimesOut() throws Exception {
        try (Origin silent = Origin.scripted(Origin.Wire::readToEnd); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, silent, live)
                     .options(o -> o.readTimeout(ProxyFixture.MODERATE))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("a 504, b 200", proxy.attempts(exchange));
        }
    }

    @Test
    void lastFailureIsReportedWhenAllPeersFail() throws Exception {
        try (Origin silent = Origin.scripted(Origin.Wire::readToEnd);
             ProxyFixture proxy = ProxyFixture.to(io, Origin.refusing(), silent.address())
                     .options(o -> o.readTimeout(ProxyFixture.SHORT))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("504 failed", proxy.result(exchange));
            assertEquals("a 502, b 504", proxy.attempts(exchange));
        }
    }

    @Test
    void numberOfTriesIsBounded() throws Exception {
        try (Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, Origin.refusing(), Origin.refusing(), live.address())
                     .options(o -> o.nextUpstream(new NextUpstream(Set.of(Condition.ERROR), 2, Duration.ZERO)))) {
            assertEquals("502 failed", proxy.get("/"));
            assertEquals(List.of(), live.requests());
        }
    }

    @Test
    void listedStatusIsRetried() throws Exception {
        try (Origin busy = Origin.answering(BUSY); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, busy, live).options(o -> o.nextUpstream(next(Condition.HTTP_503)))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("a 503, b 200", proxy.attempts(exchange));
        }
    }

    @Test
    void responseOfLastPeerIsPassedWhenAllHaveListedStatus() throws Exception {
        try (Origin one = Origin.answering(BUSY); Origin other = Origin.answering(BUSY);
             ProxyFixture proxy = ProxyFixture.to(io, one, other).options(o -> o.nextUpstream(next(Condition.HTTP_503)))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("503 busy", proxy.result(exchange));
            assertEquals("a 503, b 503", proxy.attempts(exchange));
        }
    }

    @Test
    void unlistedStatusIsPassed() throws Exception {
        try (Origin busy = Origin.answering(BUSY); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, busy, live)) {
            assertEquals("503 busy", proxy.get("/"));
        }
    }

    @Test
    void staleIdleConnectionIsReplacedSilently() throws Exception {
        try (Origin origin = Origin.scripted(respondsOnceThenCloses(), respondsAlways());
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            Exchange exchange = proxy.client.asks("GET", "/2");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("a 200", proxy.attempts(exchange));
            assertEquals(List.of(), proxy.log());
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().totals().failed());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void postOnStaleIdleConnectionIsNotSentTwice() throws Exception {
        try (Origin origin = Origin.scripted(respondsOnceThenCloses(), respondsAlways());
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            assertEquals("502 failed", proxy.post(FakeBody.withLength("buy")));
            assertEquals(1, origin.requests().stream().filter(request -> request.startsWith("POST")).count());
        }
    }

    @Test
    void partialHeadOnIdleConnectionIsFailure() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
            wire.send("HTTP/1.1 20");
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            assertEquals("502 failed", proxy.get("/2"));
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void bodyInFileIsSentAgainFromStart() throws Exception {
        String body = "0123456789".repeat(20_000);
        try (Origin closing = Origin.scripted(Origin.Wire::readHead); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, closing, live).options(o -> o.bodyIn(folder))) {
            assertEquals("200 ok", proxy.result(proxy.client.sends(FakeBody.withLength(body), "PUT", "/")));
            assertTrue(live.requests().getFirst().endsWith("\r\n\r\n" + body));
        }
    }

    @Test
    void streamedBodyIsNotRetried() throws Exception {
        try (Origin closing = Origin.scripted(CLOSES_AFTER_REQUEST); Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, closing, live)
                     .options(ProxyOptionsBuilder::streamedBody)) {
            assertEquals("502 failed", proxy.result(proxy.client.sends(FakeBody.withLength("body"), "PUT", "/")));
            assertEquals(List.of(), live.requests());
        }
    }

    @Test
    void unreadStreamedBodyIsRetried() throws Exception {
        try (Origin live = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, Origin.refusing(), live.address())
                     .options(ProxyOptionsBuilder::streamedBody)) {
            assertEquals("200 ok", proxy.post(FakeBody.chunked("one", "two")));
            assertTrue(live.requests().getFirst().endsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"));
        }
    }

    @Test
    void groupWithoutPeersIsBadGateway() throws Exception {
        try (ProxyFixture proxy = ProxyFixture.to(io, new String[0])) {
            Exchange exchange = proxy.client.asks("GET", "/x");
            assertEquals("502 failed", proxy.result(exchange));
            assertEquals("app 502", proxy.attempts(exchange));
            assertEquals(List.of("no live upstreams while connecting to upstream"), proxy.log());
        }
    }

    /// Closes the connection after it has read a second request, which a proxy cannot foresee.
    private static Origin.Script respondsOnceThenCloses() {
        return wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
        };
    }

    private static Origin.Script respondsAlways() {
        return wire -> {
            while (true) {
                wire.readRequest();
                wire.send(OK);
            }
        };
    }

    private static NextUpstream next(Condition... conditions) {
        return new NextUpstream(Set.of(conditions), 0, Duration.ZERO);
    }
}
