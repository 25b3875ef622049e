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

/// When a request goes to another peer, and that nothing is done twice that may only be done once.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class RetryTest {
    @Parameter
    private Io io;

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";
    private static final Origin.Script DIES_WITH_THE_REQUEST = Origin.Wire::readRequest;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void aPeerThatRefusesIsPassedOverWhateverTheMethod(String method) throws Exception {
        try (Origin live = Origin.answering(OK); Proxying proxy = Proxying.to(io, Origin.refusing(), live.address())) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength("body"), method, "/x");
            assertEquals("200 ok", proxy.told(exchange));
            assertEquals("a 502, b 200", proxy.attempts(exchange));
            assertEquals(List.of("a: connect() failed (Connection refused) while connecting to upstream"), proxy.log());
        }
    }

    @Test
    void aGetThatAPeerTookToItsGraveGoesToTheNext() throws Exception {
        try (Origin dying = Origin.scripted(DIES_WITH_THE_REQUEST); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, dying, live)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 ok", proxy.told(exchange));
            assertEquals("a 502, b 200", proxy.attempts(exchange));
            assertEquals(List.of("a: upstream prematurely closed connection while reading response header from upstream"),
                    proxy.log());
        }
    }

    @Test
    void aPostThatAPeerMayHaveDoneIsNotDoneAgain() throws Exception {
        try (Origin dying = Origin.scripted(DIES_WITH_THE_REQUEST); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, dying, live)) {
            assertEquals("502 failed", proxy.post(FakeBody.withLength("buy")));
            assertEquals(1, dying.requests().size());
            assertEquals(List.of(), live.requests());
        }
    }

    @Test
    void aPostIsDoneAgainWhereThatIsWanted() throws Exception {
        try (Origin dying = Origin.scripted(DIES_WITH_THE_REQUEST); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, dying, live)
                     .options(o -> o.nextUpstream(next(Condition.ERROR, Condition.NON_IDEMPOTENT)))) {
            assertEquals("200 ok", proxy.post(FakeBody.withLength("buy")));
            assertEquals(dying.requests(), live.requests());
        }
    }

    @Test
    void aPeerThatIsSilentIsATimeoutAndTheNextIsAsked() throws Exception {
        try (Origin silent = Origin.scripted(Origin.Wire::readToEnd); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, silent, live)
                     .options(o -> o.readTimeout(Proxying.MODERATE))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 ok", proxy.told(exchange));
            assertEquals("a 504, b 200", proxy.attempts(exchange));
        }
    }

    @Test
    void whenAllHaveFailedTheLastFailureIsTold() throws Exception {
        try (Origin silent = Origin.scripted(Origin.Wire::readToEnd);
             Proxying proxy = Proxying.to(io, Origin.refusing(), silent.address())
                     .options(o -> o.readTimeout(Proxying.SHORT))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("504 failed", proxy.told(exchange));
            assertEquals("a 502, b 504", proxy.attempts(exchange));
        }
    }

    @Test
    void triesAreBounded() throws Exception {
        try (Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, Origin.refusing(), Origin.refusing(), live.address())
                     .options(o -> o.nextUpstream(new NextUpstream(Set.of(Condition.ERROR), 2, Duration.ZERO)))) {
            assertEquals("502 failed", proxy.get("/"));
            assertEquals(List.of(), live.requests());
        }
    }

    @Test
    void aStatusThatIsListedIsAskedForElsewhere() throws Exception {
        try (Origin busy = Origin.answering(BUSY); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, busy, live).options(o -> o.nextUpstream(next(Condition.HTTP_503)))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("200 ok", proxy.told(exchange));
            assertEquals("a 503, b 200", proxy.attempts(exchange));
        }
    }

    @Test
    void aStatusThatAllGiveIsToldAsTheLastGaveIt() throws Exception {
        try (Origin one = Origin.answering(BUSY); Origin other = Origin.answering(BUSY);
             Proxying proxy = Proxying.to(io, one, other).options(o -> o.nextUpstream(next(Condition.HTTP_503)))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("503 busy", proxy.told(exchange));
            assertEquals("a 503, b 503", proxy.attempts(exchange));
        }
    }

    @Test
    void aStatusThatIsNotListedIsTold() throws Exception {
        try (Origin busy = Origin.answering(BUSY); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, busy, live)) {
            assertEquals("503 busy", proxy.get("/"));
        }
    }

    @Test
    void aKeptConnectionThatThePeerClosedIsReplacedWithoutAWord() throws Exception {
        try (Origin origin = Origin.scripted(answersOnceThenDies(), answersForEver());
             Proxying proxy = Proxying.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            Exchange exchange = proxy.client.asks("GET", "/2");
            assertEquals("200 ok", proxy.told(exchange));
            assertEquals("a 200", proxy.attempts(exchange));
            assertEquals(List.of(), proxy.log());
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().totals().failed());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void aPostOnAKeptConnectionThatThePeerClosedIsNotSentTwice() throws Exception {
        try (Origin origin = Origin.scripted(answersOnceThenDies(), answersForEver());
             Proxying proxy = Proxying.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            assertEquals("502 failed", proxy.post(FakeBody.withLength("buy")));
            assertEquals(1, origin.requests().stream().filter(request -> request.startsWith("POST")).count());
        }
    }

    @Test
    void aPeerThatAnsweredHalfAHeadOnAKeptConnectionHasFailed() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
            wire.send("HTTP/1.1 20");
        });
             Proxying proxy = Proxying.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            assertEquals("502 failed", proxy.get("/2"));
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void aBodyInAFileGoesToTheNextPeerFromItsStart() throws Exception {
        String body = "0123456789".repeat(20_000);
        try (Origin dying = Origin.scripted(Origin.Wire::readHead); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, dying, live).options(o -> o.bodyIn(folder))) {
            assertEquals("200 ok", proxy.told(proxy.client.sends(FakeBody.withLength(body), "PUT", "/")));
            assertTrue(live.requests().getFirst().endsWith("\r\n\r\n" + body));
        }
    }

    @Test
    void aBodyThatStreamedCannotGoToTheNextPeer() throws Exception {
        try (Origin dying = Origin.scripted(DIES_WITH_THE_REQUEST); Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, dying, live)
                     .options(ProxyOptionsBuilder::streamedBody)) {
            assertEquals("502 failed", proxy.told(proxy.client.sends(FakeBody.withLength("body"), "PUT", "/")));
            assertEquals(List.of(), live.requests());
        }
    }

    @Test
    void aStreamThatNobodyHasBegunToReadGoesToTheNextPeer() throws Exception {
        try (Origin live = Origin.answering(OK);
             Proxying proxy = Proxying.to(io, Origin.refusing(), live.address())
                     .options(ProxyOptionsBuilder::streamedBody)) {
            assertEquals("200 ok", proxy.post(FakeBody.chunked("one", "two")));
            assertTrue(live.requests().getFirst().endsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"));
        }
    }

    @Test
    void aGroupWithoutPeersIsABadGateway() throws Exception {
        try (Proxying proxy = Proxying.to(io, new String[0])) {
            Exchange exchange = proxy.client.asks("GET", "/x");
            assertEquals("502 failed", proxy.told(exchange));
            assertEquals("app 502", proxy.attempts(exchange));
            assertEquals(List.of("no live upstreams while connecting to upstream"), proxy.log());
        }
    }

    /// Takes a second request and dies with it; a proxy cannot see that coming.
    private static Origin.Script answersOnceThenDies() {
        return wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readRequest();
        };
    }

    private static Origin.Script answersForEver() {
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
