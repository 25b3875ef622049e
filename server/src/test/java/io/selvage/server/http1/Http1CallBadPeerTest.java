package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Failure.What;
import io.selvage.server.http.Method;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.http1.Feeding.bytes;
import static io.selvage.server.http1.Feeding.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Answers that are malformed or incomplete, and what they do to the connection.
class Http1CallBadPeerTest extends Http1CallFixture {
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

        assertEquals(What.MALFORMED, assertThrows(Failure.class, () -> answered(Method.GET)).what());
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

        assertEquals(200, call.awaitHead(Method.GET).status().code());
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

        Http1Call call = call();
        Failure failure = assertThrows(Failure.class, () -> {
            while (call.awaitHead(Method.GET).status().code() == 103) {
                assertTrue(call.bytesReceived() < 10_000);
            }
        });
        assertEquals(What.MALFORMED, failure.what());
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
        call.awaitHead(Method.POST);
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

    private void assertFails(What what, String answer) {
        PeerConnection other = new PeerConnection(new FakeConnection().sends(answer), "p");

        Failure failure = assertThrows(Failure.class, () -> answered(other, Method.GET), answer);

        assertEquals(what, failure.what(), failure.detail());
        assertEquals(502, failure.status().code());
        assertFalse(other.isReusable());
    }
}
