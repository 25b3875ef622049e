package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Streamed bodies of answers as the client receives them.
class AnswerStreamTest extends AnswerFixture {
    private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\n" + DATE + "Connection: close\r\n\r\n";

    @Test
    void streamOfUnknownLengthIsChunked() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("hello", "", " world")));

        assertEquals(CHUNKED + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", client.written());
        assertEquals(11, sent.getFirst().bodyBytes());
    }

    @Test
    void availableBodyIsWrittenWithTheHead() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("hello", " ", "world")));

        assertEquals(CHUNKED + "b\r\nhello world\r\n0\r\n\r\n", client.written());
        assertEquals(1, client.writes().size());
    }

    @Test
    void receivedBytesAreSentBeforeAWait() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("", "a", "", "b", "")));

        assertEquals(List.of(CHUNKED.length(), 6, 6, 5), client.writes());
    }

    @Test
    void streamToAnHttp10ClientEndsWithTheConnection() {
        answer("GET", "1.0\r\nConnection: keep-alive", Headers.EMPTY, new Body.Stream(new ScriptedSource("hello", "", " world")));

        assertEquals(UNTIL_CLOSE + "hello world", client.written());
        assertEquals("close", events.getLast());
    }

    @Test
    void streamOfKnownLengthHasALength() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("hello").ofLength(5)));

        assertTrue(client.written().endsWith("Content-Length: 5\r\nConnection: keep-alive\r\n\r\nhello"), client.written());
    }

    @Test
    void longStreamIsSplitIntoChunks() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("x".repeat(40_000))));

        String body = client.written().substring(CHUNKED.length());
        assertTrue(body.matches("([0-9a-f]{1,8}\r\nx++\r\n){2,99}0\r\n\r\n"), body.substring(0, 10));
        assertEquals(40_000, body.chars().filter(c -> c == 'x').count());
        assertEquals(40_000, sent.getFirst().bodyBytes());
    }

    @Test
    void trailersAreSentAfterChunks() {
        Headers trailers = Headers.of("X-Sum", "1");
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("hi").withTrailers(trailers)));
        assertEquals(CHUNKED + "2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n", client.written());
    }

    @Test
    void trailersAreOmittedWithoutChunks() {
        Headers trailers = Headers.of("X-Sum", "1");
        answer("GET", "1.0", Headers.EMPTY, new Body.Stream(new ScriptedSource("hi").withTrailers(trailers)));
        assertEquals(UNTIL_CLOSE + "hi", client.written());
    }

    @Test
    void failedChunkedStreamHasNoLastChunk() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("hello").thenFails()));

        assertEquals(CHUNKED + "5\r\nhello\r\n", client.written());
        assertEquals(List.of("GET /", "done 200", "close"), events);
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void failedStreamWithoutFramingIsReset() {
        answer("GET", "1.0", Headers.EMPTY, new Body.Stream(new ScriptedSource("hello").thenFails()));

        assertEquals(UNTIL_CLOSE + "hello", client.written());
        assertEquals(List.of("GET /", "done 200", "abort"), events);
    }

    @Test
    void streamThatFailsBeforeTheHeadIsAnsweredWithAnError() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource().thenFails()));

        assertTrue(client.written().startsWith("HTTP/1.1 502 Bad Gateway\r\n"), client.written());
        assertEquals(List.of("GET /", "done 502", "close"), events);
    }

    @Test
    void interimAnswerIsFollowedByTheFinalOne() {
        serve("GET", "1.1", exchange -> {
            exchange.client().interim(new ResponseHead(Status.of(103), Headers.EMPTY));
            return reply(200, Headers.EMPTY, new Body.Stream(new ScriptedSource().thenFails()));
        });

        assertTrue(client.written().startsWith("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n"), client.written());
    }

    @Test
    void streamShorterThanItsLengthEndsTheConnection() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("hello").ofLength(9)));

        assertTrue(client.written().endsWith("Content-Length: 9\r\nConnection: keep-alive\r\n\r\nhello"));
        assertEquals(List.of("GET /", "done 200", "close"), events);
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void streamLongerThanItsLengthIsCut() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("", "he", "", "llo").ofLength(4)));

        assertTrue(client.written().endsWith("\r\n\r\nhe"), client.written());
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void disconnectDuringTheBodyKeepsTheStatus() {
        client.takesOnly(CHUNKED.length(), new IOException("broken pipe"));
        ScriptedSource source = new ScriptedSource("", "hello", "", "world");
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(source));

        assertEquals(List.of("GET /", "done 200", "close"), events);
        assertFalse(sent.getFirst().complete());
        assertEquals(1, source.closed());
    }

    @Test
    void clientThatStopsReadingIsClosed() {
        client.takesOnly(CHUNKED.length(), new TimedOut("a write"));
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("", "hello")));

        assertEquals(List.of("GET /", "done 200", "close"), events);
    }

    @Test
    void longHeadIsWrittenBeforeItsBody() {
        answer("GET", "1.1", Headers.of("X-Long", "y".repeat(30_000)), new Body.Stream(new ScriptedSource("hi").ofLength(2)));

        assertTrue(client.written().endsWith("y\r\n" + DATE + "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nhi"));
    }

    @Test
    void trailersMayFollowAnEmptyBody() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource().withTrailers(Headers.of("X-Sum", "0"))));

        assertEquals(CHUNKED + "0\r\nX-Sum: 0\r\n\r\n", client.written());
    }
}
