package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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

/// Exchanges with a peer that behaves.
class Http1CallTest extends Http1CallFixture {
    @Test
    void asksAndIsAnswered() throws Failure {
        wire.sends(OK).hesitates();
        Http1Call call = call();

        call.sendHead(WrittenRequest.head(Method.GET, "/a?b", Version.HTTP_1_1, Headers.of("Host", "x"), Framing.NONE));
        call.endBody();
        ResponseHead head = call.awaitHead(Method.GET);

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

        call.sendHead(WrittenRequest.head(Method.POST, "/", Version.HTTP_1_1, Headers.EMPTY, new Framing.Length(4)),
                ByteBuffer.wrap(bytes("ab")));
        call.sendBody(ByteBuffer.wrap(bytes("cd")));
        call.endBody();
        call.sendHead(WrittenRequest.head(Method.PUT, "/", Version.HTTP_1_1, Headers.EMPTY, Framing.CHUNKED));
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
            FakeConnection connection = new FakeConnection().sendsCutAt(bytes(answer), cut);
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
            FakeConnection connection = new FakeConnection().sendsCutAt(bytes(answer), cut);
            Http1Call call = new Http1Call(new PeerConnection(connection, "p"), SEND, READ, 8192);
            call.allowMissingStatusLine();
            call.endBody();

            assertEquals(Headers.of("Host-Status", "x", "Content-Length", "2"), call.awaitHead(Method.GET).headers());
            assertEquals("hi", text(call.body()), "cut at " + cut);
            assertFalse(call.reusable());
        }
    }

    @Test
    void reasonOfThePeerIsKept() throws Failure {
        wire.sends("HTTP/1.1 404 N\u00e9ant\r\nContent-Length: 0\r\n\r\n");

        assertEquals(new Status(404, "N\u00e9ant"), call().awaitHead(Method.GET).status());
    }

    @Test
    void interimResponsesComeBeforeTheFinalOne() throws Failure {
        wire.sends("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + OK);
        Http1Call call = call();

        assertEquals(new ResponseHead(Status.of(100), Headers.EMPTY), call.awaitHead(Method.GET));
        assertEquals(new ResponseHead(Status.of(103), Headers.of("Link", "a")), call.awaitHead(Method.GET));
        assertEquals(Status.OK, call.awaitHead(Method.GET).status());
    }

    @Test
    void requestedUpgradeHandsTheConnectionOver() throws Exception {
        wire.sends("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nearly");
        Http1Call call = call();
        call.allowUpgrade("y, X");

        assertEquals(101, call.awaitHead(Method.GET).status().code());
        call.endBody();
        ByteBuffer buffer = ByteBuffer.allocate(100);
        call.upgraded().read(buffer, READ);

        assertEquals("early", StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString());
        assertFalse(call.reusable());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: y\r\n", "Upgrade: x, y\r\n", "Upgrade: \r\n", ""})
    void upgradeToAnotherProtocolIsMalformed(String field) {
        wire.sends("HTTP/1.1 101 Switching Protocols\r\n" + field + "\r\n");
        Http1Call call = call();
        call.allowUpgrade("x");

        assertEquals(Failure.What.MALFORMED, assertThrows(Failure.class, () -> call.awaitHead(Method.GET)).what());
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
        assertEquals(413, call.awaitHead(Method.POST).status().code());
        assertEquals("", text(call.body()));
        assertFalse(call.reusable());
    }

    @Test
    void interimResponseDoesNotEndTheBody() throws Failure {
        wire.sends("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 20").hesitates().sends("0 OK\r\n").hesitates()
                .sends("Content-Length: 0\r\n\r\n");
        Http1Call call = call();

        assertFalse(call.hasResponseNow());
        assertFalse(call.hasResponseNow());
        assertTrue(call.hasResponseNow());
        assertEquals(103, call.awaitHead(Method.POST).status().code());
        assertEquals(200, call.awaitHead(Method.POST).status().code());
    }

    @Test
    void malformedEarlyResponseIsReportedByTheWaitForIt() {
        wire.sends("HTTP/1.1 200 OK\r\nbad line\r\n\r\n");
        Http1Call call = call();

        assertTrue(call.hasResponseNow());
        assertEquals(Failure.What.MALFORMED, assertThrows(Failure.class, () -> call.awaitHead(Method.POST)).what());
    }
}
