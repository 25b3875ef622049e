package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.Version;
import io.selvage.server.http2.ErrorCode;
import io.selvage.server.http2.FrameType;
import io.selvage.server.http2.PeerSettings;
import io.selvage.server.net.Io;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Requests to peers that speak HTTP/2.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class Http2PeerTest {
    private static final Http2Protocol HTTP_2 = new Http2Protocol(ProxyFixture.CLIENT_FIELDS,
            exchange -> exchange.routing().method().name(), true);
    private static final int WINDOW = FrameType.WINDOW_UPDATE;

    @Parameter
    private Io io;

    private ProxyFixture to(Origin... origins) throws Exception {
        return ProxyFixture.to(io, origins).protocol(HTTP_2);
    }

    /// A peer that responds to every request with its body, on connections that stay open.
    private static Origin echo(int... settings) throws Exception {
        return Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire, settings);
            while (true) {
                var request = frames.readRequest();
                frames.respond(request.stream(), "200", "<" + request.body() + ">");
            }
        });
    }

    @Test
    void aRequestHasPseudoHeaderFieldsAndNoFieldOfTheConnection() throws Exception {
        try (Origin origin = echo(); ProxyFixture proxy = to(origin)) {
            assertEquals("200 <>", proxy.get("/a%20b?c", "Host", "shop", "X-Odd", "1", "Connection", "X-Hop", "X-Hop", "2",
                    "Keep-Alive", "3", "TE", "trailers, gzip", "Upgrade", "h2c"));
            assertEquals(List.of(":method: GET\n:scheme: http\n:path: /a%20b?c\n:authority: app\nx-odd: 1\nte: trailers\n\n"),
                    origin.requests());
        }
    }

    @Test
    void bodiesOfKnownAndUnknownLengthArePassed() throws Exception {
        try (Origin origin = echo();
             ProxyFixture proxy = to(origin).options(options -> options.streamedBody())) {
            assertEquals("200 <one two>", proxy.post(FakeBody.withLength("one", " two")));
            assertEquals("200 <one two>", proxy.post(FakeBody.chunked("one", " two")));
            assertEquals("200 <>", proxy.post(FakeBody.chunked()));
            assertTrue(origin.requests().getFirst().contains("content-length: 7"));
            assertTrue(!origin.requests().get(1).contains("content-length"));
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void requestsShareAConnection() throws Exception {
        Signal bothAsked = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int first = frames.readRequest().stream();
            bothAsked.give();
            int second = frames.readRequest().stream();
            frames.respond(second, "200", "second").respond(first, "200", "first");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            var first = proxy.begin(() -> proxy.get("/1"));
            bothAsked.await();
            var second = proxy.begin(() -> proxy.get("/2"));
            assertEquals("200 second", second.get());
            assertEquals("200 first", first.get());
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void aPeerThatAllowsOneStreamGetsASecondConnection() throws Exception {
        Signal asked = new Signal();
        Signal release = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire, PeerSettings.MAX_CONCURRENT_STREAMS, 1);
            frames.respond(frames.readRequest().stream(), "200", "x");
            int stream = frames.readRequest().stream();
            asked.give();
            release.await();
            frames.respond(stream, "200", "slow");
            wire.end();
        }, wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "quick");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200 x", proxy.get("/"));
            var slow = proxy.begin(() -> proxy.get("/1"));
            asked.await();
            assertEquals("200 quick", proxy.get("/2"));
            release.give();
            assertEquals("200 slow", slow.get());
        }
    }

    @Test
    void aConnectionIsClosedWithItsLastStreamWhereNoneAreKept() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "once");
            wire.record(wire.end());
        }); ProxyFixture proxy = to(origin).protocol(new Http2Protocol(ProxyFixture.CLIENT_FIELDS,
                exchange -> exchange.routing().method().name(), false))) {
            assertEquals("200 once", proxy.get("/"));
            assertEquals("200 once", proxy.get("/"));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void theWindowsOfThePeerHoldTheBodyBack() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire, PeerSettings.INITIAL_WINDOW_SIZE, 0);
            frames.respond(frames.readRequest().stream(), "200", "settings are known");
            int stream = frames.next(FrameType.HEADERS).stream();
            frames.frame(WINDOW, stream, 3);
            String sent = frames.next(FrameType.DATA).text();
            frames.frame(FrameType.SETTINGS, 0, 0, Http2Wire.number(PeerSettings.INITIAL_WINDOW_SIZE, 2)
                    + Http2Wire.number(2, 4));
            sent += "|" + frames.next(FrameType.DATA).text();
            frames.frame(WINDOW, stream, 100);
            var last = frames.next(FrameType.DATA);
            frames.respond(stream, "200", sent + "|" + last.text() + "|" + last.ends());
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            proxy.get("/");
            assertEquals("200 012|34|56789|true", proxy.post(FakeBody.withLength("0123456789")));
        }
    }

    @Test
    void theWindowOfTheConnectionHoldsTheBodyBack() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire, PeerSettings.INITIAL_WINDOW_SIZE, 1 << 20);
            int stream = frames.next(FrameType.HEADERS).stream();
            int came = 0;
            while (came < 65_535) {
                came += frames.next(FrameType.DATA).text().length();
            }
            frames.frame(WINDOW, 0, 1 << 20);
            while (came < 200_000) {
                came += frames.next(FrameType.DATA).text().length();
            }
            frames.respond(stream, "200", "" + came);
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200 200000", proxy.post(FakeBody.withLength("x".repeat(200_000))));
        }
    }

    @Test
    void aLongResponseComesAsItIsRead() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.head(stream, false, ":status", "200");
            int window = 128 * 1024;
            for (int sent = 0; sent < 500_000; sent += 10_000) {
                while (window < 10_000) {
                    var update = frames.next(WINDOW);
                    window += update.stream() == stream ? Integer.parseInt(update.text()) : 0;
                }
                frames.data(stream, false, "y".repeat(10_000));
                window -= 10_000;
            }
            frames.data(stream, true, "");
            wire.end();
        }); ProxyFixture proxy = to(origin).options(options -> options.buffering(false))) {
            assertEquals("200 " + "y".repeat(500_000), proxy.get("/"));
        }
    }

    @Test
    void pingsAndSettingsAreAcknowledged() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.next(FrameType.HEADERS).stream();
            frames.frame(FrameType.PING, 0, 0, "12345678");
            var first = frames.next();
            var second = frames.next();
            frames.respond(stream, "200", first.type() + "/" + first.flags() + " " + second.type() + "/" + second.flags() + " "
                    + second.text());
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200 4/1 6/1 12345678", proxy.get("/"));
        }
    }

    @Test
    void aRequestThatAGoAwayExcludesIsSentAgain() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "one");
            frames.readRequest();
            frames.goAway(1, 0);
            wire.end();
        }, wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "two");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200 one", proxy.get("/"));
            assertEquals("200 two", proxy.post(FakeBody.withLength("body")));
            assertEquals(2, origin.connections());
            assertEquals(List.of(), proxy.log());
        }
    }

    @Test
    void aRequestThatAGoAwayIncludesIsCompleted() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.goAway(Integer.MAX_VALUE, 0).goAway(stream, 0).respond(stream, "200", "one");
            wire.end();
        }, wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "two");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200 one", proxy.get("/"));
            assertEquals("200 two", proxy.get("/"));
        }
    }

    @Test
    void aRefusedRequestIsSentAgainAndAResetOneIsNot() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "one");
            frames.frame(FrameType.RST_STREAM, frames.readRequest().stream(), ErrorCode.REFUSED_STREAM.code());
            frames.frame(FrameType.RST_STREAM, frames.readRequest().stream(), ErrorCode.INTERNAL_ERROR.code());
            wire.end();
        }, wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "two");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200 one", proxy.get("/"));
            assertEquals("200 two", proxy.post(FakeBody.withLength("body")));
            assertEquals("502 failed", proxy.post(FakeBody.withLength("body")));
            assertEquals(List.of("upstream sent invalid header or body (" + origin.address()
                    + " reset the stream with INTERNAL_ERROR) while reading response header from upstream"), proxy.log());
        }
    }

    @Test
    void trailersComeBehindTheBody() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.head(stream, false, ":status", "200").data(stream, false, "x")
                    .head(stream, true, "grpc-status", "0", "content-length", "5");
            wire.end();
        }); ProxyFixture proxy = to(origin).options(options -> options.trailers().buffering(false))) {
            Exchange exchange = proxy.client.asks("GET", "/");
            var reply = assertInstanceOf(Answer.Reply.class, proxy.answer(exchange));
            assertEquals("x", proxy.read(reply.body()));
            assertEquals("grpc-status: 0\n", ((Body.Stream) reply.body()).source().trailers().toString());
        }
    }

    @Test
    void aPeerMayRespondBeforeItHasTheWholeRequest() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire, PeerSettings.INITIAL_WINDOW_SIZE, 10);
            int stream = frames.next(FrameType.HEADERS).stream();
            frames.respond(stream, "413", "no").frame(FrameType.RST_STREAM, stream, ErrorCode.NO_ERROR.code());
            frames.respond(frames.next(FrameType.HEADERS).stream(), "401", "without a reset");
            frames.respond(frames.next(FrameType.HEADERS).stream(), "200", "next");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("413 no", proxy.post(FakeBody.withLength("x".repeat(100))));
            assertEquals("401 without a reset", proxy.post(FakeBody.withLength("x".repeat(100))));
            assertEquals("200 next", proxy.get("/"));
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void interimResponsesArePassed() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.head(stream, false, ":status", "103", "link", "</a>").respond(stream, "200", "ok");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(103, proxy.client.interims.getFirst().status().code());
        }
    }

    @Test
    void aRequestWhoseClientLeavesIsCancelledAndOthersGoOn() throws Exception {
        Signal asked = new Signal();
        Signal cancelled = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int first = frames.readRequest().stream();
            asked.give();
            int second = frames.readRequest().stream();
            asked.give();
            var reset = frames.next(FrameType.RST_STREAM);
            wire.record(reset.stream() == second ? "reset " + reset.text() : "another");
            cancelled.give();
            frames.respond(first, "200", "first");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            FakeClient other = new FakeClient();
            var first = proxy.begin(() -> proxy.result(other.asks("GET", "/1")));
            asked.await();
            var second = proxy.begin(() -> proxy.get("/2"));
            asked.await();
            proxy.client.goAway();
            assertEquals("499 failed", second.get());
            cancelled.await();
            assertEquals("200 first", first.get());
            assertEquals("reset " + ErrorCode.CANCEL.code(), origin.requests().getLast());
        }
    }

    @Test
    void aSilentPeerTimesOutAndItsStreamIsReset() throws Exception {
        Signal reset = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.readRequest();
            frames.next(FrameType.RST_STREAM);
            reset.give();
            wire.end();
        }); ProxyFixture proxy = to(origin).options(options -> options.readTimeout(ProxyFixture.SHORT))) {
            assertEquals("504 failed", proxy.get("/"));
            reset.await();
        }
    }

    /// A body whose pieces come when the test says so.
    private static final class PacedUpload implements RequestBody {
        private final Signal more = new Signal();
        private final String[] pieces;
        private int next;
        private long taken;

        PacedUpload(String... pieces) {
            this.pieces = pieces;
        }

        @Override
        public int read(ByteBuffer into) throws Failure {
            try {
                more.await();
            } catch (InterruptedException e) {
                throw Failure.bug(e);
            }
            if (next == pieces.length) {
                return -1;
            }
            into.put(pieces[next].getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            taken += pieces[next].length();
            return pieces[next++].length();
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public boolean isChunked() {
            return true;
        }

        @Override
        public void limit(long bytes) {
            // There is none.
        }

        @Override
        public long taken() {
            return taken;
        }
    }

    @Test
    void bothDirectionsStreamAtOnce() throws Exception {
        PacedUpload upload = new PacedUpload("a", "b");
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.next(FrameType.HEADERS).stream();
            frames.head(stream, false, ":status", "200");
            upload.more.give();
            frames.data(stream, false, frames.next(FrameType.DATA).text() + "1 ");
            upload.more.give();
            frames.data(stream, false, frames.next(FrameType.DATA).text() + "2 ");
            upload.more.give();
            frames.head(stream, true, "ended", "" + frames.next(FrameType.DATA).ends());
            wire.end();
        }); ProxyFixture proxy = to(origin).options(options -> options.streamedBody().buffering(false))) {
            proxy.client.speaks(Version.HTTP_2);
            assertEquals("200 a1 b2 ", proxy.result(proxy.client.sends(upload, "POST", "/")));
        }
    }

    @Test
    void aClientThatGoesAwayInItsBodyEndsTheCall() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.next(FrameType.RST_STREAM);
            wire.end();
        }); ProxyFixture proxy = to(origin).options(options -> options.streamedBody().buffering(false))) {
            proxy.client.speaks(Version.HTTP_2);
            assertEquals("499 failed", proxy.result(proxy.client.sends(FakeBody.cutShort("a"), "POST", "/")));
        }
    }
}
