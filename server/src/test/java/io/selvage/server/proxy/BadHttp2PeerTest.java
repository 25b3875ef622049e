package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http2.FrameType;
import io.selvage.server.net.Io;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a client gets where a peer that speaks HTTP/2 violates it, or stops half way.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class BadHttp2PeerTest {
    private static final Http2Protocol HTTP_2 = new Http2Protocol(ProxyFixture.CLIENT_FIELDS,
            exchange -> exchange.routing().method().name(), true);

    @Parameter
    private Io io;

    private ProxyFixture to(Origin origin) throws Exception {
        return ProxyFixture.to(io, origin).protocol(HTTP_2).options(options -> options.buffering(false));
    }

    /// What a peer sends in place of a right response.
    interface Misdeed {
        void commit(Http2Wire frames, int stream) throws Exception;
    }

    private static Arguments of(String what, Misdeed misdeed) {
        return Arguments.of(Named.of(what, misdeed));
    }

    /// One stream fails; the connection goes on.
    static Stream<Arguments> badResponses() {
        return Stream.of(
                of("no :status", (frames, stream) -> frames.head(stream, false, "a", "b")),
                of("status 101", (frames, stream) -> frames.head(stream, false, ":status", "101")),
                of("a field name that is invalid", (frames, stream) -> frames.head(stream, false, ":status", "200", "a b", "c")),
                of("an injected field", (frames, stream) -> frames.head(stream, false, ":status", "302",
                        "location", "/\r\nset-cookie: x")),
                of("a field of the connection", (frames, stream) -> frames.head(stream, false, ":status", "200",
                        "transfer-encoding", "chunked")),
                of("two content-lengths", (frames, stream) -> frames.head(stream, false, ":status", "200",
                        "content-length", "1", "content-length", "1")),
                of("an end that content-length does not announce", (frames, stream) -> frames.head(stream, true, ":status", "200",
                        "content-length", "1")),
                of("DATA before a head", (frames, stream) -> frames.data(stream, true, "x")),
                of("an interim response at the end", (frames, stream) -> frames.head(stream, true, ":status", "103")),
                of("too large a head", (frames, stream) -> frames.head(stream, false, ":status", "200", "x", "x".repeat(9000))),
                of("a window update by 0", (frames, stream) -> frames.frame(FrameType.WINDOW_UPDATE, stream, 0)),
                of("65 interim responses", (frames, stream) -> {
                    for (int i = 0; i < 65; i++) {
                        frames.head(stream, false, ":status", "103");
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("badResponses")
    void aMalformedResponseIsBadGatewayAndTheConnectionServesOn(Misdeed misdeed) throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            misdeed.commit(frames, frames.readRequest().stream());
            frames.next(FrameType.RST_STREAM);
            frames.respond(frames.readRequest().stream(), "200", "next");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("502 failed", proxy.result(proxy.client.asks("POST", "/")));
            assertEquals("200 next", proxy.get("/"));
            assertEquals(1, origin.connections());
            assertEquals(1, proxy.log().size());
        }
    }

    static Stream<Arguments> badFrames() {
        return Stream.of(
                of("a frame that is too large", (frames, stream) -> frames.frame(FrameType.DATA, 0, stream, "x".repeat(16_385))),
                of("a block that is not HPACK", (frames, stream) -> frames.frame(FrameType.HEADERS, FrameType.END_HEADERS, stream,
                        "\u0080")),
                of("a promise", (frames, stream) -> frames.frame(FrameType.PUSH_PROMISE, FrameType.END_HEADERS, stream,
                        "\0\0\0\2")),
                of("a stream of its own", (frames, _) -> frames.head(2, true, ":status", "200")),
                of("a stream that was not opened", (frames, stream) -> frames.head(stream + 2, true, ":status", "200")),
                of("CONTINUATION without HEADERS", (frames, stream) -> frames.frame(FrameType.CONTINUATION, 0, stream, "")),
                of("a PING of 7 bytes", (frames, _) -> frames.frame(FrameType.PING, 0, 0, "1234567")),
                of("a window of 2^31", (frames, _) -> frames.frame(FrameType.WINDOW_UPDATE, 0, Integer.MAX_VALUE)),
                of("a setting that is not allowed", (frames, _) -> frames.frame(FrameType.SETTINGS, 0, 0, "\0\2\0\0\0\1")),
                of("PINGs without end", (frames, _) -> {
                    while (true) {
                        frames.frame(FrameType.PING, 0, 0, "12345678");
                    }
                }),
                of("CONTINUATION without end", (frames, stream) -> {
                    frames.frame(FrameType.HEADERS, 0, stream, "");
                    while (true) {
                        frames.frame(FrameType.CONTINUATION, 0, stream, "");
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("badFrames")
    void aViolationEndsTheConnectionAndTheNextRequestGetsAnother(Misdeed misdeed) throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            misdeed.commit(frames, frames.readRequest().stream());
            wire.end();
        }, wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.respond(frames.readRequest().stream(), "200", "next");
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("502 failed", proxy.result(proxy.client.asks("POST", "/")));
            assertEquals("200 next", proxy.get("/"));
            assertEquals(1, proxy.log().size());
        }
    }

    @Test
    void emptyDataWithoutEndIsCut() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.head(stream, false, ":status", "200");
            while (true) {
                frames.data(stream, false, "");
            }
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("200  [cut: UPSTREAM MALFORMED]", proxy.get("/"));
        }
    }

    @Test
    void aPeerThatDoesNotSpeakHttp2IsBadGateway() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"); ProxyFixture proxy =
                to(origin)) {
            assertEquals("502 failed", proxy.get("/"));
            assertEquals(List.of("upstream sent invalid header or body (" + origin.address()
                    + " sent a frame of 4740180 bytes) while reading response header from upstream"), proxy.log());
        }
    }

    @Test
    void aConnectionThatEndsWithoutAResponseIsBadGateway() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            frames.readRequest();
        }); ProxyFixture proxy = to(origin)) {
            assertEquals("502 failed", proxy.result(proxy.client.asks("POST", "/")));
            assertEquals(List.of("upstream prematurely closed connection while reading response header from upstream"),
                    proxy.log());
        }
    }

    /// Where a body is cut, the client must not take it for a whole one.
    static Stream<Arguments> cutBodies() {
        return Stream.of(
                of("the end of the connection", (frames, _) -> frames.goAway(1, 2)),
                of("a reset", (frames, stream) -> frames.frame(FrameType.RST_STREAM, stream, 8)),
                of("more than announced", (frames, stream) -> frames.data(stream, true, "0123456789")),
                of("less than announced", (frames, stream) -> frames.data(stream, true, "12")),
                of("a trailer section that is not the end", (frames, stream) -> frames.head(stream, false, "a", "b")),
                of("a malformed trailer section", (frames, stream) -> frames.head(stream, true, ":status", "200")),
                of("more than the window", (frames, stream) -> {
                    for (int i = 0; i < 9; i++) {
                        frames.data(stream, false, "x".repeat(16_384));
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("cutBodies")
    void aBodyThatIsCutIsNotTakenForAWholeOne(Misdeed misdeed) throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.head(stream, false, ":status", "200", "content-length", "5").data(stream, false, "1");
            misdeed.commit(frames, stream);
        }); ProxyFixture proxy = to(origin)) {
            String result = proxy.get("/");
            assertTrue(result.matches("200 1?2? ?\\[cut: UPSTREAM (CLOSED|MALFORMED)]|502 failed"), result);
        }
    }

    @Test
    void aBodyWithoutALengthIsBoundedByTheWindow() throws Exception {
        Signal sent = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.head(stream, false, ":status", "200");
            for (int i = 0; i < 9; i++) {
                frames.data(stream, false, "x".repeat(16_384));
            }
            frames.frame(FrameType.PING, 0, 0, "12345678").next(FrameType.PING);
            sent.give();
            wire.end();
        }); ProxyFixture proxy = to(origin)) {
            var exchange = proxy.client.asks("GET", "/");
            var reply = assertInstanceOf(Answer.Reply.class, proxy.answer(exchange));
            sent.await();
            assertTrue(proxy.read(reply.body()).endsWith("xx [cut: UPSTREAM MALFORMED]"));
        }
    }
}
