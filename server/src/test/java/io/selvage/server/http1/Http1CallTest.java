package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Failure.What;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.http1.Feeding.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class Http1CallTest {
    private static final Duration SEND = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(3);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private final FakeConnection wire = new FakeConnection();
    private final PeerConnection peer = new PeerConnection(wire, "10.0.0.1:80");

    // ---- what works

    @Test
    void asksAndIsAnswered() throws Failure {
        wire.sends(OK).hesitates();
        Http1Call call = call();

        call.sendHead(RequestWriter.head(Method.GET, "/a?b", Version.HTTP_1_1, Headers.of("Host", "x"), Framing.NONE));
        call.endBody();
        ResponseHead head = call.awaitHead(Method.GET, _ -> { });

        assertEquals(new ResponseHead(Status.OK, Headers.of("Content-Length", "2")), head);
        assertEquals("hi", text(call.body()));
        assertEquals("GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n", wire.written());
        assertEquals(wire.written().length(), call.bytesSent());
        assertEquals(OK.length(), call.bytesReceived());
        assertEquals(2, call.bodyReceived());
        assertTrue(call.reusable());
        assertTrue(peer.isReusable());
        assertEquals(1, peer.exchanges());
    }

    @Test
    void asksAgainOnTheSameConnection() throws Failure {
        wire.sends(OK).hesitates().sends(OK).hesitates();

        Http1Call first = answered(Method.GET);
        assertEquals("hi", text(first.body()));
        assertTrue(first.reusable());
        Http1Call second = answered(Method.GET);

        assertEquals("hi", text(second.body()));
        assertEquals(OK.length(), second.bytesReceived());
        assertEquals(2, peer.exchanges());
    }

    @Test
    void sendsALengthOrChunks() throws Failure {
        Http1Call call = call();

        call.sendHead(RequestWriter.head(Method.POST, "/", Version.HTTP_1_1, Headers.EMPTY, new Framing.Length(4)),
                ByteBuffer.wrap(bytes("ab")));
        call.sendBody(ByteBuffer.wrap(bytes("cd")));
        call.endBody();
        call.sendHead(RequestWriter.head(Method.PUT, "/", Version.HTTP_1_1, Headers.EMPTY, Framing.CHUNKED));
        call.sendChunk(ByteBuffer.wrap(bytes("0123456789abcdef")));
        call.sendChunk(ByteBuffer.allocate(0));
        call.endBody(Headers.of("X", "y"));

        assertEquals("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcdPUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "10\r\n0123456789abcdef\r\n0\r\nX: y\r\n\r\n", wire.written());
        assertEquals(5, wire.writes().size());
        assertEquals(wire.written().length(), call.bytesSent());
    }

    @ParameterizedTest
    @CsvSource({"'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n',true",
        "'HTTP/1.1 200 OK\nContent-Length: 2\n\nhi',true", "'HTTP/1.1 200 OK\r\n\r\nhi',false",
        "'HTTP/1.0 200 OK\r\n\r\nhi',false",
        "'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi',false",
        "'HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi',true",
        "'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi',false",
        "'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi',true"})
    void resultDoesNotDependOnTheSplit(String answer, boolean reusable) throws Failure {
        for (int cut = 0; cut <= answer.length(); cut++) {
            FakeConnection connection = new FakeConnection();
            for (byte[] piece : Feeding.cutAt(bytes(answer), cut)) {
                connection.sends(piece);
            }
            Http1Call call = answered(new PeerConnection(connection, "p"), Method.GET);
            BodySource body = call.body();

            assertEquals("hi", text(body), "cut at " + cut);
            assertEquals(reusable, call.reusable(), "cut at " + cut);
            assertEquals(answer.contains("X: y") ? Headers.of("X", "y") : Headers.EMPTY, body.trailers());
        }
    }

    @Test
    void answerMayStartWithItsFieldsIfAllowed() throws Failure {
        String answer = "Host-Status: x\r\nContent-Length: 2\r\n\r\nhi";
        for (int cut = 0; cut <= answer.length(); cut++) {
            FakeConnection connection = new FakeConnection();
            for (byte[] piece : Feeding.cutAt(bytes(answer), cut)) {
                connection.sends(piece);
            }
            Http1Call call = new Http1Call(new PeerConnection(connection, "p"), SEND, READ, 8192);
            call.allowMissingStatusLine();
            call.endBody();

            assertEquals(Headers.of("Host-Status", "x", "Content-Length", "2"), call.awaitHead(Method.GET, _ -> { }).headers());
            assertEquals("hi", text(call.body()), "cut at " + cut);
            assertFalse(call.reusable());
        }
    }

    @Test
    void reasonOfThePeerIsKept() throws Failure {
        wire.sends("HTTP/1.1 404 N\u00e9ant\r\nContent-Length: 0\r\n\r\n");

        assertEquals(new Status(404, "N\u00e9ant"), call().awaitHead(Method.GET, _ -> { }).status());
    }

    @Test
    void interimAnswersArePassedOn() throws Failure {
        wire.sends("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + OK);
        List<ResponseHead> interim = new ArrayList<>();

        call().awaitHead(Method.GET, interim::add);

        assertEquals(List.of(new ResponseHead(Status.of(100), Headers.EMPTY),
                new ResponseHead(Status.of(103), Headers.of("Link", "a"))), interim);
    }

    @Test
    void requestedUpgradeHandsTheConnectionOver() throws Exception {
        wire.sends("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nearly");
        Http1Call call = call();
        call.allowUpgrade();

        assertEquals(101, call.awaitHead(Method.GET, _ -> { }).status().code());
        call.endBody();
        ByteBuffer buffer = ByteBuffer.allocate(100);
        call.upgraded().read(buffer, READ);

        assertEquals("early", StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString());
        assertFalse(call.reusable());
    }

    @Test
    void bodyReportsWhetherTheNextReadWouldWait() throws Failure {
        wire.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n").hesitates().sends("0\r\n\r\n");
        BodySource body = answered(Method.GET).body();
        ByteBuffer buffer = ByteBuffer.allocate(100);

        assertTrue(body.hasMoreNow());
        assertEquals(2, body.read(buffer));
        assertFalse(body.hasMoreNow());
        assertEquals(-1, body.read(buffer));
        assertTrue(body.hasMoreNow());
    }

    @Test
    void earlyAnswerIsDetectedWhileTheBodyIsSent() throws Failure {
        wire.hesitates().sends("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n\r\n");
        Http1Call call = call();

        assertFalse(call.hasResponseNow());
        assertTrue(call.hasResponseNow());
        assertEquals(413, call.awaitHead(Method.POST, _ -> { }).status().code());
        assertEquals("", text(call.body()));
        assertFalse(call.reusable());
    }

    // ---- bad peers

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2 200 OK", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 099 X", "HTTP/1.1  200 OK",
        "http/1.1 200 OK",
        "HTTP/1.1 200OK", "ICY 200 OK", "HTTP/1.1 200 O\rK", "HTTP/1.1 200 O\0K", "", "hello", "HTTP/1.1 +20 OK",
        "HTTP/11 200 OK"})
    void badStatusLineIsMalformed(String line) {
        assertFails(What.MALFORMED, line + "\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void peerWithAnotherProtocolFailsAtOnce() {
        wire.sends("220 mail ready").isSilent();

        assertEquals(What.MALFORMED, assertThrows(Failure.class, () -> call().awaitHead(Method.GET, _ -> { })).what());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bad", "Bad : x", ": x", "X: a\0b", "X: a\rb", "X: a\r\n folded", "(x): y", " X: y",
        "Content-Length: 1\r\nTransfer-Encoding: chunked", "Content-Length: x", "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 1, 1", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked, chunked"})
    void badFieldOrFramingIsMalformed(String field) {
        assertFails(What.MALFORMED, "HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n1");
    }

    @Test
    void codingInHttp10IsMalformed() {
        assertFails(What.MALFORMED, "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    }

    @Test
    void headAboveItsLimitIsTooLarge() {
        assertFails(What.TOO_LARGE, "HTTP/1.1 200 OK\r\nX: " + "y".repeat(9000));
        assertFails(What.TOO_LARGE, "HTTP/1.1 200 " + "y".repeat(9000));
        assertFails(What.TOO_LARGE, "HTTP/1.1 200 OK\r\n" + ("X: " + "y".repeat(500) + "\r\n").repeat(20));
        assertFails(What.TOO_LARGE, "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(1001));
    }

    @Test
    void unrequestedUpgradeIsMalformed() {
        assertFails(What.MALFORMED, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
    }

    @Test
    void bytesAfterAnAnswerPreventReuse() throws Failure {
        wire.sends(OK + "HTTP/1.1 200 injected\r\n\r\n");
        Http1Call call = answered(Method.GET);

        assertEquals("hi", text(call.body()));
        assertFalse(call.reusable());
        assertFalse(peer.isReusable());
    }

    @Test
    void bytesOnAnIdleConnectionPreventReuse() throws Failure {
        wire.sends(OK).hesitates().sends("x");
        Http1Call call = answered(Method.GET);
        text(call.body());

        assertTrue(call.reusable());
        assertTrue(peer.isReusable());
        assertFalse(peer.isReusable());
    }

    @Test
    void endOfAnIdleConnectionPreventsReuse() throws Failure {
        wire.sends(OK).ends();
        Http1Call call = answered(Method.GET);
        text(call.body());

        assertTrue(call.reusable());
        assertFalse(peer.isReusable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"})
    void truncatedAnswerIsNeverComplete(String answer) throws Failure {
        wire.sends(answer).ends();
        Http1Call call = answered(Method.GET);

        Failure failure = assertThrows(Failure.class, () -> text(call.body()));

        assertEquals(What.CLOSED, failure.what());
        assertEquals(Failure.Where.UPSTREAM, failure.where());
        assertFalse(call.reusable());
    }

    @Test
    void resetDoesNotEndABody() throws Failure {
        wire.sends("HTTP/1.1 200 OK\r\n\r\nhi").resets();
        Http1Call call = answered(Method.GET);

        assertEquals(What.CLOSED, assertThrows(Failure.class, () -> text(call.body())).what());
    }

    @Test
    void malformedChunkIsMalformed() throws Failure {
        wire.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhiXX0\r\n\r\n");
        Http1Call call = answered(Method.GET);

        assertEquals(What.MALFORMED, assertThrows(Failure.class, () -> text(call.body())).what());
        assertFalse(call.reusable());
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 8185, 8186, 8187, 8188, 8189, 8190, 8191, 8192, 8193, 8194, 100_000})
    void longTrailerIsReadOrRefused(int length) throws Failure {
        wire.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: " + "b".repeat(length) + "\r\n\r\n");
        BodySource body = answered(Method.GET).body();

        if (length + "A: \r\n\r\n".length() <= 8192) {
            assertEquals("", text(body));
            assertEquals(length, body.trailers().value(0).length());
        } else {
            assertEquals(What.MALFORMED, assertThrows(Failure.class, () -> text(body)).what());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 4096, 5000, 8192, 20_000})
    void headAtItsLimitIsRead(int bound) throws Failure {
        String start = "HTTP/1.1 200 OK\r\n";
        wire.sends(start + "A: " + "b".repeat(bound - start.length() - 7) + "\r\n\r\n");
        Http1Call call = new Http1Call(peer, SEND, READ, bound);

        assertEquals(200, call.awaitHead(Method.GET, _ -> { }).status().code());
    }

    @ParameterizedTest
    @CsvSource({"GET,204,'Content-Length: 5\r\n'", "GET,304,'Content-Length: 5\r\n'", "HEAD,200,'Content-Length: 5\r\n'",
        "GET,204,'Transfer-Encoding: chunked\r\n'", "HEAD,200,''"})
    void forbiddenBodyIsIgnoredAndPreventsReuse(String method, int status, String field) throws Failure {
        wire.sends("HTTP/1.1 " + status + " X\r\n" + field + "\r\nhello");
        Http1Call call = answered(Method.of(method));

        assertEquals("", text(call.body()));
        assertFalse(call.reusable());
    }

    @Test
    void announcedForbiddenBodyPreventsReuse() throws Failure {
        wire.sends("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n").hesitates();

        assertFalse(answered(Method.GET).reusable());
    }

    @Test
    void answerToHeadHasNoBody() throws Failure {
        wire.sends("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").hesitates();

        assertTrue(answered(Method.HEAD).reusable());
    }

    @Test
    void numberOfInterimAnswersIsLimited() {
        wire.sends("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10_000));

        assertEquals(What.MALFORMED, assertThrows(Failure.class, () -> call().awaitHead(Method.GET, _ -> { })).what());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H", "HTTP/1.1 200 OK\r\nX", "HTTP/1.1 103 X\r\n\r\n"})
    void silenceBeforeTheHeadIsATimeout(String begun) {
        wire.sends(begun).isSilent();

        Failure failure = assertThrows(Failure.class, () -> call().awaitHead(Method.GET, _ -> { }));

        assertEquals(What.TIMED_OUT, failure.what());
        assertEquals(504, failure.status().code());
        assertEquals(READ, wire.patiences().getFirst());
    }

    @Test
    void slowHeadHasOneDeadline() {
        FakeClock clock = new FakeClock();
        for (char c : "HTTP/1.1 200 OK\r\n".toCharArray()) {
            wire.meanwhile(() -> clock.pass(Duration.ofSeconds(1))).sends(String.valueOf(c));
        }
        Http1Call call = new Http1Call(peer, SEND, READ, 8192, clock);

        assertEquals(What.TIMED_OUT, assertThrows(Failure.class, () -> call.awaitHead(Method.GET, _ -> { })).what());
        assertEquals(List.of(3L, 3L, 2L, 1L), wire.patiences().stream().map(Duration::toSeconds).toList());
    }

    @Test
    void silenceInTheBodyIsATimeout() throws Failure {
        wire.sends("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi").isSilent();
        Http1Call call = answered(Method.GET);

        assertEquals(What.TIMED_OUT, assertThrows(Failure.class, () -> text(call.body())).what());
    }

    @Test
    void peerThatClosesBeforeItAnswersIsClosed() {
        wire.ends();

        Failure failure = assertThrows(Failure.class, () -> call().awaitHead(Method.GET, _ -> { }));

        assertEquals(What.CLOSED, failure.what());
        assertFalse(failure.nothingSent());
    }

    @Test
    void unsentHeadDidNotReachThePeer() {
        wire.takesOnly(0, new IOException("broken pipe"));

        Failure failure = assertThrows(Failure.class, () -> call().sendHead(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n"))));

        assertEquals(What.CLOSED, failure.what());
        assertTrue(failure.nothingSent());
    }

    @Test
    void partlySentRequestMayHaveReachedThePeer() {
        wire.takesOnly(20, new IOException("broken pipe"));

        Failure failure = assertThrows(Failure.class,
                () -> call().sendHead(ByteBuffer.wrap(bytes("POST / HTTP/1.1\r\n\r\n")), ByteBuffer.wrap(bytes("body"))));

        assertFalse(failure.nothingSent());
    }

    @Test
    void peerThatDoesNotReadIsATimeout() {
        wire.takesOnly(0, new TimedOut("a write"));

        Failure failure = assertThrows(Failure.class, () -> call().sendHead(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n"))));

        assertEquals(What.TIMED_OUT, failure.what());
        assertTrue(failure.nothingSent());
    }

    @Test
    void unreadBodyPreventsReuse() throws Failure {
        wire.sends(OK);

        assertFalse(answered(Method.GET).reusable());
    }

    @Test
    void incompleteRequestPreventsReuse() throws Failure {
        wire.sends(OK);
        Http1Call call = call();
        call.awaitHead(Method.POST, _ -> { });
        text(call.body());

        assertFalse(call.reusable());
    }

    @RepeatedTest(1_000)
    void randomBytesAreAFailureOrAnAnswer(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        wire.sends(Feeding.mutate(bytes("HTTP/1.1 103 X\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2;x\r\nhi\r\n0\r\nX: y\r\n\r\n"), random));
        try {
            text(answered(Method.GET).body());
        } catch (Failure failure) {
            assertEquals(Failure.Where.UPSTREAM, failure.where());
        }
    }

    // ---- what is sent is safe

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\0b", "a\rb", "\u010a", "\u010d"})
    void lineEndsInValuesAreNotSent(String text) {
        assertEquals(What.BUG, unsafe("/", Headers.of("X", text)));
        assertEquals(What.BUG, unsafe("/", Headers.of(text, "x")));
        assertEquals(What.BUG, unsafe("/" + text, Headers.EMPTY));
    }

    @Test
    void targetWithASpaceIsNotSent() {
        assertEquals(What.BUG, unsafe("/a b", Headers.EMPTY));
        assertEquals(What.BUG, unsafe("", Headers.EMPTY));
    }

    private static What unsafe(String target, Headers headers) {
        return assertThrows(Failure.class,
                () -> RequestWriter.head(Method.GET, target, Version.HTTP_1_1, headers, Framing.NONE)).what();
    }

    private void assertFails(What what, String answer) {
        PeerConnection other = new PeerConnection(new FakeConnection().sends(answer), "p");

        Failure failure = assertThrows(Failure.class, () -> answered(other, Method.GET), answer);

        assertEquals(what, failure.what(), failure.detail());
        assertEquals(502, failure.status().code());
        assertFalse(other.isReusable());
    }

    private Http1Call call() {
        return new Http1Call(peer, SEND, READ, 8192);
    }

    private Http1Call answered(Method method) throws Failure {
        return answered(peer, method);
    }

    private static Http1Call answered(PeerConnection peer, Method method) throws Failure {
        Http1Call call = new Http1Call(peer, SEND, READ, 8192);
        call.endBody();
        call.awaitHead(method, _ -> { });
        return call;
    }

    private static String text(BodySource body) throws Failure {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(50);
        while (body.read(buffer.clear()) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        return text.toString();
    }
}
