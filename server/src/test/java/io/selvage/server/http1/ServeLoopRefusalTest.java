package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.Status;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.http1.Feeding.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Requests that are invalid, incomplete or late, and clients that disconnect.
class ServeLoopRefusalTest extends ServeLoopFixture {
    @Test
    void refusedHeadIsAnsweredByTheHandlerAndEndsTheConnection() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\nBad\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(exchange -> new Answer.StatusOnly(exchange.refusal().orElseThrow().status()));

        assertTrue(client.written().startsWith("HTTP/1.1 400 Bad Request\r\n"), client.written());
        assertTrue(client.written().contains("Connection: close\r\n"));
        assertEquals(List.of("GET /", "done 400", "shutdown", "close"), events);
    }

    @ParameterizedTest
    @CsvSource({"'Content-Length: 1\r\nTransfer-Encoding: chunked',400", "'Content-Length: +1',400",
        "'Content-Length: 1\r\nContent-Length: 1',400", "'Transfer-Encoding: gzip',501", "'Transfer-Encoding: chunked, gzip',400",
        "'Expect: y 100-continue',417", "'Expect: 100-continue\r\nExpect: 100-continue',417"})
    void invalidFramingIsRefusedBeforeTheHandler(String fields, int status) {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(exchange -> new Answer.StatusOnly(exchange.refusal().orElseThrow().status()));

        assertEquals(List.of("POST /", "done " + status, "shutdown", "close"), events);
    }

    @Test
    void bytesAfterAShortLengthAreTheNextRequest() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabCD /x HTTP/1.1\r\n\r\n");

        serve(exchange -> exchange.refusal().isPresent() ? new Answer.StatusOnly(exchange.refusal().get().status())
                : reply("hi"));

        assertEquals(List.of("POST /", "done 200", "CD /x", "done 400", "shutdown", "close"), events);
    }

    @Test
    void unreadBodyOfAGetIsSkipped() {
        client.sends("GET /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> reply("hi"));

        assertEquals(HI + HI, client.written());
        assertEquals(List.of("GET /1", "done 200", "GET /2", "done 200", "close"), events);
    }

    @ParameterizedTest
    @ValueSource(ints = {1020, 1024, 1025, 8180, 8189, 8190, 8191, 8192, 8193, 8194, 8195, 9000})
    void linesAtTheLimitAreReadOrRefused(int length) {
        for (String line : List.of("GET /" + "a".repeat(length - 16) + " HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nA: " + "a".repeat(length - 5) + "\r\n\r\n")) {
            FakeConnection connection = new FakeConnection().sendsCutAt(bytes(line), 1000);
            loop(connection, exchange -> new Answer.StatusOnly(
                    exchange.refusal().map(Refusal::status).orElse(Status.OK))).serve();

            String status = connection.written().substring(9, 12);
            assertTrue(length > 8192 ? status.equals("414") || status.equals("431") : status.equals("200"), status);
        }
    }

    @Test
    void silentClientIsClosedWithoutAnAnswer() {
        client.isSilent();

        serve(_ -> reply("hi"));

        assertEquals("", client.written());
        assertEquals(List.of("close"), events);
    }

    @Test
    void incompleteHeadIs408() {
        client.sends("GET / HTTP/1.1\r\nHos").isSilent();

        serve(exchange -> new Answer.StatusOnly(exchange.refusal().orElseThrow().status()));

        assertTrue(client.written().startsWith("HTTP/1.1 408 Request Time-out\r\n"));
        assertEquals("done 408", events.get(1));
    }

    @Test
    void slowHeadHasOneDeadline() {
        for (char c : "GET / HTTP/1.1\r\nHost: a\r\n".toCharArray()) {
            client.sends(String.valueOf(c)).during(() -> clock.pass(Duration.ofSeconds(10)));
        }

        serve(exchange -> new Answer.StatusOnly(exchange.refusal().orElseThrow().status()));

        assertTrue(client.written().startsWith("HTTP/1.1 408"));
        assertEquals(List.of(60L, 60L, 50L, 40L, 30L, 20L, 10L),
                client.patiences().stream().limit(7).map(Duration::toSeconds).toList());
    }

    @Test
    void truncatedHeadIsLoggedAs400() {
        client.sends("GET / HTTP/1.1\r\nHos");

        serve(exchange -> new Answer.StatusOnly(exchange.refusal().orElseThrow().status()));

        assertEquals("done 400", events.get(1));
    }

    @Test
    void emptyLineIsNotARequest() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n");

        serve(_ -> reply("hi"));

        assertEquals(HI, client.written());
        assertEquals(List.of("GET /", "done 200", "close"), events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\n9\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"})
    void truncatedBodyIsAFailure(String request) {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\n" + request);

        serve(exchange -> reply(Feeding.text(exchange.body())));

        assertEquals("", client.written());
        assertEquals(List.of("POST /", "done 499", "close"), events);
    }

    @Test
    void malformedChunkIs400AndEndsTheConnection() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n"
                + "GET /x HTTP/1.1\r\n\r\n");

        serve(exchange -> reply(Feeding.text(exchange.body())));

        assertTrue(client.written().startsWith("HTTP/1.1 400 Bad Request\r\n"), client.written());
        assertEquals(List.of("POST /", "done 400", "shutdown", "close"), events);
    }

    @Test
    void stalledBodyIs408() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").isSilent();

        serve(exchange -> reply(Feeding.text(exchange.body())));

        assertTrue(client.written().startsWith("HTTP/1.1 408"));
        assertEquals("done 408", events.get(1));
    }

    @Test
    void clientThatDisconnectsBeforeItsAnswerIs499() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesOnly(0, new IOException("broken pipe"));

        serve(_ -> reply("hi"));

        assertEquals(List.of("GET /", "done 499", "close"), events);
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void clientThatDoesNotReadIs408AndMayBeReset() {
        ClientOptions d = rules;
        rules = new ClientOptions(d.head(), d.receiving(), d.keepAlive(), d.lingering(), d.sending(), d.http2(), true);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesOnly(0, new TimedOut("a write"));

        serve(_ -> reply("hi"));

        assertEquals(List.of("GET /", "done 408", "abort"), events);
    }
}
