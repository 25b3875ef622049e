package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.net.Io;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A slow client does not hold a peer (`proxy_buffering`).
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ResponseBufferingTest {
    private static final String LONG = "0123456789".repeat(300_000);
    private static final String LONG_HEAD = "HTTP/1.1 200 OK\r\nContent-Length: " + LONG.length() + "\r\n";

    @TempDir
    private Path folder;

    @Parameter
    private Io io;

    @Test
    void slowClientDoesNotHoldPeer() throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(LONG_HEAD + "Connection: close\r\n\r\n" + LONG);
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = buffering(origin, 10_000, 1 << 30)) {
            Body body = body(proxy, proxy.client.asks("GET", "/"));
            assertEquals("0123456789", read(proxy, body, 10));
            clientTakesNoMore(proxy, body);
            left.await();
            awaitNoLease(proxy);
            assertEquals(List.of(), files());
            assertEquals(LONG.length() - 10, proxy.read(body).length());
            assertEquals(List.of(), files());
        }
    }

    @Test
    void peerConnectionIsReusedWhileClientStillReads() throws Exception {
        try (Origin origin = Origin.answering(LONG_HEAD + "\r\n" + LONG);
             ProxyFixture proxy = buffering(origin, 10_000, 1 << 30)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            Body body = body(proxy, exchange);
            assertEquals("0123456789", read(proxy, body, 10));
            clientTakesNoMore(proxy, body);
            awaitNoLease(proxy);
            assertEquals("200 " + LONG, proxy.get("/other"));
            assertEquals(LONG.substring(10), proxy.read(body));
            assertEquals(1, origin.connections());
            assertEquals(LONG.length(), exchange.upstream().attempts().getLast().traffic().body());
        }
    }

    @Test
    void receivedResponseReleasesPeerWhateverClientDoes() throws Exception {
        String sixteen = "x".repeat(16_384);
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n" + sixteen);
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            Body body = body(proxy, exchange);
            assertEquals(16_384, proxy.serving(() -> readFully(body, ByteBuffer.allocate(16_384))));
            assertEquals(0, inFlight(proxy));
            clientTakesNoMore(proxy, body);
            assertEquals("200 " + sixteen, proxy.get("/other"));
            assertEquals("", proxy.read(body));
            assertEquals(1, origin.connections());
            assertEquals(16_384, exchange.upstream().attempts().getLast().traffic().body());
        }
    }

    private static Origin dyingAfter50000Bytes() throws IOException {
        return Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(LONG_HEAD + "\r\n" + LONG.substring(0, 50_000));
        });
    }

    private static int readFully(Body body, ByteBuffer into) throws Failure {
        while (into.hasRemaining() && ((Body.Stream) body).source().read(into) >= 0) {
        }
        return into.position();
    }

    @Test
    void peerFailureUnderFastReaderIsReportedOnce() throws Exception {
        try (Origin origin = dyingAfter50000Bytes(); ProxyFixture proxy = buffering(origin, 10_000, 1 << 30)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            Body body = body(proxy, exchange);
            assertEquals(LONG.substring(0, 50_000) + " [cut: UPSTREAM CLOSED]", proxy.read(body));
            clientTakesNoMore(proxy, body);
            proxy.abandon(body);
            assertEquals(0, inFlight(proxy));
            assertEquals(1, proxy.group.upstream().snapshot().getFirst().totals().failed());
            assertEquals(50_000, exchange.upstream().attempts().getLast().traffic().body());
            assertEquals(List.of("a: upstream prematurely closed connection while reading upstream"), proxy.log());
        }
    }

    @Test
    void responseReadAtOnceReleasesPeerBeforeItIsPassedOn() throws Exception {
        for (String rest : List.of("Content-Length: 2\r\n\r\nok", "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")) {
            try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\n" + rest); ProxyFixture proxy =
                    ProxyFixture.to(io, origin)) {
                Body body = body(proxy, proxy.client.asks("GET", "/"));
                assertEquals("ok", read(proxy, body, 2));
                assertEquals(0, inFlight(proxy));
                assertTrue(((Body.Stream) body).source().hasMoreNow());
                assertEquals("", proxy.read(body));
            }
        }
    }

    @ValueSource(booleans = {true, false})
    @ParameterizedTest
    void eventsArePassedOneByOne(boolean slowly) throws Exception {
        Signal next = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                next.await();
                wire.send("data: " + i + "\n\n");
            }
        });
             ProxyFixture proxy = buffering(origin, 1000, 1 << 20)) {
            Body body = body(proxy, proxy.client.asks("GET", "/"));
            if (slowly) {
                clientTakesNoMore(proxy, body);
            }
            for (int i = 0; i < 5; i++) {
                assertFalse(((Body.Stream) body).source().hasMoreNow());
                next.give();
                assertEquals("data: " + i + "\n\n", read(proxy, body, 100));
            }
            assertEquals("", proxy.read(body));
        }
    }

    @Test
    void peerFailureIsReportedAfterReceivedBytes() throws Exception {
        try (Origin origin = dyingAfter50000Bytes(); ProxyFixture proxy = buffering(origin, 10_000, 1 << 30)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            Body body = body(proxy, exchange);
            assertEquals("0123456789", read(proxy, body, 10));
            clientTakesNoMore(proxy, body);
            awaitNoLease(proxy);
            assertEquals(LONG.substring(10, 50_000) + " [cut: UPSTREAM CLOSED]", proxy.read(body));
            assertEquals(1, proxy.group.upstream().snapshot().getFirst().totals().failed());
            assertEquals(50_000, exchange.upstream().attempts().getLast().traffic().body());
            assertEquals(List.of("a: upstream prematurely closed connection while reading upstream"), proxy.log());
        }
    }

    @Test
    void closedBodyAbortsPeerThatWaitsForRoom() throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n\r\n");
            try {
                while (true) {
                    wire.send(LONG);
                }
            } catch (IOException _) {
                left.give();
            }
        });
             ProxyFixture proxy = buffering(origin, 10_000, 20_000)) {
            Body body = body(proxy, proxy.client.asks("GET", "/"));
            assertEquals("0123456789", read(proxy, body, 10));
            clientTakesNoMore(proxy, body);
            proxy.abandon(body);
            left.await();
            assertEquals(0, inFlight(proxy));
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().totals().failed());
            assertEquals(List.of(), files());
        }
    }

    @ValueSource(booleans = {true, false})
    @ParameterizedTest
    void clientDisconnectDuringWaitAbortsPeer(boolean slowly) throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n\r\none");
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = buffering(origin, 10_000, 20_000)) {
            Body body = body(proxy, proxy.client.asks("GET", "/"));
            assertEquals("one", read(proxy, body, 10));
            if (slowly) {
                clientTakesNoMore(proxy, body);
            }
            FutureTask<String> rest = proxy.begin(() -> proxy.read(body));
            proxy.client.goAway();
            left.await();
            assertEquals(" [cut: DOWNSTREAM CLOSED]", rest.get());
            assertEquals(0, inFlight(proxy));
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().totals().failed());
        }
    }

    /// The client is fast all the time, slow from the start, or slow from the middle on.
    @ValueSource(longs = {Long.MAX_VALUE, 0, 20_000_000})
    @ParameterizedTest
    void fiftyMegabytesArriveInOrderThroughSmallBuffer(long quick) throws Exception {
        int piece = 1 << 20;
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + 50L * piece + "\r\n\r\n");
            byte[] bytes = new byte[piece];
            for (long at = 0; at < 50L * piece; at += piece) {
                for (int i = 0; i < piece; i++) {
                    bytes[i] = Stretch.byteAt(at + i);
                }
                wire.send(new String(bytes, ISO_8859_1));
            }
            wire.readToEnd();
        });
             ProxyFixture proxy = buffering(origin, 12_345, 1_000_000)) {
            Body body = body(proxy, proxy.client.asks("GET", "/"));
            assertEquals(50L * piece, proxy.serving(() -> inOrder(((Body.Stream) body).source(), quick)));
            proxy.abandon(body);
            assertEquals(0, inFlight(proxy));
        }
    }

    private static long inOrder(BodySource source, long quick) throws Failure {
        ByteBuffer into = ByteBuffer.allocate(7777);
        long at = 0;
        while (source.read(into.clear()) >= 0) {
            if (at >= quick) {
                source.readAhead();
            }
            into.flip();
            while (into.hasRemaining()) {
                if (into.get() != Stretch.byteAt(at)) {
                    return -at;
                }
                at++;
            }
            Thread.yield();
        }
        return at;
    }

    @ValueSource(strings = {"no", "No"})
    @ParameterizedTest
    void peerCanSwitchBufferingOff(String no) throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nX-Accel-Buffering: " + no + "\r\nContent-Length: 2\r\n\r\nok";
        try (Origin origin = Origin.answering(answer); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertUsed(StreamingResponseBody.class, proxy);
            proxy.options(o -> o.ignoring("x-accel-buffering"));
            assertUsed(BufferedResponseBody.class, proxy);
        }
    }

    @Test
    void bufferingIsSwitchedOnByOptionOrPeer() throws Exception {
        String yes = "HTTP/1.1 200 OK\r\nX-Accel-Buffering: yes\r\nContent-Length: 2\r\n\r\nok";
        try (Origin origin = Origin.answering(yes); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            proxy.options(o -> o.buffering(false));
            assertUsed(BufferedResponseBody.class, proxy);
            proxy.options(o -> o.ignoring("x-accel-buffering"));
            assertUsed(StreamingResponseBody.class, proxy);
            proxy.options(o -> o.buffering(true));
            assertUsed(BufferedResponseBody.class, proxy);
        }
    }

    @Test
    void responseWithoutBodyIsNotBuffered() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            for (String method : List.of("GET", "HEAD")) {
                assertEquals(Body.NONE, body(proxy, proxy.client.asks(method, "/")));
                assertEquals(0, inFlight(proxy));
            }
            assertEquals(1, origin.connections());
        }
    }

    private ProxyFixture buffering(Origin origin, int inMemory, long inFile) throws IOException {
        return ProxyFixture.to(io, origin).options(o -> o.buffering(inMemory, inFile, folder));
    }

    private static void assertUsed(Class<? extends BodySource> source, ProxyFixture proxy) throws Exception {
        Answer.Reply reply = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
        assertInstanceOf(source, ((Body.Stream) reply.body()).source());
        assertEquals(Headers.EMPTY, reply.head().headers());
        assertEquals("ok", proxy.read(reply.body()));
    }

    private static Body body(ProxyFixture proxy, Exchange exchange) throws Exception {
        return ((Answer.Reply) proxy.answer(exchange)).body();
    }

    private static String read(ProxyFixture proxy, Body body, int most) throws Exception {
        ByteBuffer into = ByteBuffer.allocate(most);
        proxy.serving(() -> ((Body.Stream) body).source().read(into));
        return ISO_8859_1.decode(into.flip()).toString();
    }

    private static void clientTakesNoMore(ProxyFixture proxy, Body body) throws Exception {
        proxy.serving(() -> {
            ((Body.Stream) body).source().readAhead();
            return body;
        });
    }

    private static int inFlight(ProxyFixture proxy) {
        return proxy.group.upstream().snapshot().getFirst().inFlight();
    }

    /// Polls until the lease has ended, since nothing signals that, or until the test times out.
    private static void awaitNoLease(ProxyFixture proxy) {
        while (inFlight(proxy) > 0) {
            assertFalse(Thread.interrupted(), "the peer is still held");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        }
    }
}
