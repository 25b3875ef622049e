package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Sent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Heads of answers as the client receives them.
class AnswerHeadTest extends AnswerFixture {
    @Test
    void generatedFieldsFollowThoseOfTheHandler() {
        answer("GET", "1.1", Headers.of("Server", "x", "ETag", "\"1\""), Body.text("hi"));

        assertEquals("HTTP/1.1 200 OK\r\nServer: x\r\nETag: \"1\"\r\n" + DATE
                + "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nhi", client.written());
        assertEquals(Headers.of("Server", "x", "ETag", "\"1\"", "Date", DATE.substring(6, DATE.length() - 2), "Content-Length",
                "2", "Connection", "keep-alive"), sent.getFirst().head().headers());
        Sent first = sent.getFirst();
        assertEquals(List.of((long) client.written().length(), 2L, true),
                List.of(first.bytes(), first.bodyBytes(), first.complete()));
    }

    @Test
    void serverIsAddedUnlessTheHandlerNamesOne() {
        serve("GET", "1.1", exchange -> {
            exchange.outcome().server("selvage");
            return reply(200, Headers.EMPTY, Body.NONE);
        });
        assertTrue(client.written().startsWith("HTTP/1.1 200 OK\r\nServer: selvage\r\nDate: "), client.written());
        assertEquals(List.of("selvage"), sent.getFirst().head().headers().all("Server"));
    }

    @Test
    void serverOfTheHandlerIsKept() {
        serve("GET", "1.1", exchange -> {
            exchange.outcome().server("selvage");
            return reply(200, Headers.of("server", "gunicorn"), Body.NONE);
        });
        assertTrue(client.written().startsWith("HTTP/1.1 200 OK\r\nserver: gunicorn\r\nDate: "), client.written());
        assertEquals(List.of("gunicorn"), sent.getFirst().head().headers().all("Server"));
    }

    @Test
    void framingFieldsOfTheHandlerAreIgnored() {
        answer("GET", "1.1", Headers.of("Content-Length", "99", "transfer-encoding", "gzip", "Connection", "x", "Keep-Alive", "y",
                "Date", "then"), Body.text("hi"));

        assertEquals("HTTP/1.1 200 OK\r\nDate: then\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi", client.written());
    }

    @Test
    void connectionListsTheUpgradeOfTheHandler() {
        answer("GET", "1.1", Headers.of("upgrade", "websocket"), Body.NONE);

        assertEquals("HTTP/1.1 200 OK\r\nupgrade: websocket\r\n" + DATE
                + "Content-Length: 0\r\nConnection: upgrade\r\nConnection: keep-alive\r\n\r\n", client.written());
    }

    @Test
    void keepAliveFieldIsSentIfConfigured() {
        ClientOptions d = rules;
        rules = new ClientOptions(d.head(), d.receiving(), new ClientOptions.KeepAlive(d.keepAlive().timeout(), 9, 1000,
                d.keepAlive().time(), d.keepAlive().disabled(), Duration.ZERO), d.lingering(), d.sending(), d.http2(), false);
        answer("GET", "1.1", Headers.EMPTY, Body.NONE);

        assertTrue(client.written().endsWith("Connection: keep-alive\r\nKeep-Alive: timeout=9\r\n\r\n"), client.written());
    }

    @ParameterizedTest
    @CsvSource({"200,true", "404,true", "304,false", "204,false"})
    void answerToHeadHasALengthAndNoBody(int status, boolean length) {
        serve("HEAD", "1.1", _ -> reply(status, Headers.EMPTY, Body.text("hi")));

        assertEquals(length, client.written().contains("Content-Length: 2\r\n"));
        assertTrue(client.written().endsWith("\r\n\r\n"));
        assertEquals(0, sent.getFirst().bodyBytes());
    }

    @Test
    void answerToHeadKeepsTheLengthOfThePeer() {
        answer("HEAD", "1.1", Headers.of("Content-Length", "5"), Body.NONE);

        assertTrue(client.written().contains("Content-Length: 5\r\nConnection: keep-alive\r\n\r\n"), client.written());
    }

    @Test
    void answerToHeadOmitsAnUnknownLength() {
        ScriptedSource source = new ScriptedSource("hi");
        answer("HEAD", "1.1", Headers.EMPTY, new Body.Stream(source));

        assertEquals(CHUNKED.replace("Transfer-Encoding: chunked\r\n", ""), client.written());
        assertEquals(1, source.closed());
    }

    @Test
    void someStatusesHaveNoBody() {
        serve("GET", "1.1", _ -> reply(204, Headers.of("Content-Length", "2"), Body.text("hi")));

        assertEquals("HTTP/1.1 204 No Content\r\n" + DATE + "Connection: keep-alive\r\n\r\n", client.written());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: x", "a\nb", "a\0b", "\u010a"})
    void lineEndsInValuesAreNotSent(String value) {
        serve("GET", "1.1", _ -> reply(302, Headers.of("Location", value), Body.NONE));

        assertTrue(client.written().startsWith("HTTP/1.1 500 Internal Server Error\r\n"), client.written());
        assertFalse(client.written().contains("Location"));
        assertEquals(List.of("GET /", "done 500", "close"), events);
    }
}
