package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.net.ConnectionPhase;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.http1.Feeding.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// One connection: its requests, one after another, and its end.
class ServeLoopTest extends ServeLoopFixture {
    @Test
    void answersARequestInOneWrite() {
        client.sends("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> reply("hi"));

        assertEquals(HI, client.written());
        assertEquals(List.of(HI.length()), client.writes());
        assertEquals(List.of("GET /a", "done 200", "close"), events);
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        client.sends("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(exchange -> reply(exchange.routing().path()));

        assertEquals(List.of("GET /1", "done 200", "POST /2", "done 200", "GET /3", "done 200", "close"), events);
        assertTrue(client.written().matches("(?s).*/1HTTP.*/2HTTP.*/3"), client.written());
    }

    @Test
    void answersTenThousandPipelinedRequests() {
        rules = keepalive(20_000);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10_000));

        serve(_ -> reply("hi"));

        assertEquals(HI.repeat(10_000), client.written());
    }

    @Test
    void answersDoNotDependOnTheSplitOfRequests() {
        byte[] requests = bytes("POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nTrailer: x\r\n\r\nGET /2 HTTP/1.1\nHost: a\n\n");
        for (int cut = 0; cut <= requests.length; cut++) {
            FakeConnection connection = new FakeConnection().sendsCutAt(requests, cut);
            loop(connection, exchange -> reply(Feeding.text(exchange.body()) + exchange.routing().path())).serve();
            assertEquals((HI + HI).replaceAll("Content-Length: 2", "Content-Length: 7").replace("hi", "abcde/1")
                    .replaceFirst("(?s)^(.*)Content-Length: 7(.*)abcde/1", "$1Content-Length: 2$2/2"), connection.written());
        }
    }

    @RepeatedTest(500)
    void randomBytesOnlyEndTheConnection(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        client.sends(Feeding.mutate(bytes("POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nX: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"), random));

        serve(exchange -> reply(Feeding.text(exchange.body())));

        assertEquals("close", events.getLast());
        assertEquals(events.stream().filter(event -> event.startsWith("done")).count(),
                events.stream().filter(event -> event.matches("(?s)\\S* .*") && !event.startsWith("done")).count());
    }

    @ParameterizedTest
    @CsvSource({"'HTTP/1.0\r\n',close", "'HTTP/1.0\r\nConnection: keep-alive\r\n',keep-alive",
        "'HTTP/1.1\r\nHost: a\r\nConnection: close\r\n',close", "'HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n',close",
        "'HTTP/1.1\r\nHost: a\r\n',keep-alive"})
    void persistenceFollowsTheRequest(String rest, String connection) {
        client.sends("GET / " + rest + "\r\n").sends("GET / HTTP/1.0\r\n\r\n");

        serve(_ -> reply("hi"));

        String first = HI.replace("keep-alive", connection);
        assertEquals(connection.equals("close") ? first : first + LAST_HI, client.written());
    }

    @Test
    void endsAfterKeepaliveRequests() {
        rules = keepalive(2);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));

        serve(_ -> reply("hi"));

        assertEquals(HI + LAST_HI, client.written());
    }

    @Test
    void endsAfterKeepaliveTime() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").during(() -> clock.pass(Duration.ofHours(1)))
                .sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> reply("hi"));

        assertEquals(HI + LAST_HI, client.written());
    }

    @Test
    void endsIfTheExchangeIsClosing() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2));

        serve(exchange -> {
            exchange.outcome().closeAfter();
            return reply("hi");
        });

        assertEquals(LAST_HI, client.written());
    }

    @Test
    void firstHeadAndNextRequestHaveTheirOwnTimeouts() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").isSilent();

        serve(_ -> reply("hi"));

        assertEquals(List.of(rules.head().timeout(), rules.keepAlive().timeout()), client.patiences());
        assertEquals(HI, client.written());
    }

    @Test
    void drainClosesAnIdleConnection() {
        ConnectionPhase phase = LIMIT.phase(client);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").during(phase::drain)
                .sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        loop(client, phase, _ -> reply("hi")).serve();

        assertEquals(HI, client.written());
        assertEquals("close", events.getLast());
    }

    @Test
    void drainCompletesTheCurrentRequest() {
        ConnectionPhase phase = LIMIT.phase(client);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2));

        loop(client, phase, _ -> {
            phase.drain();
            return reply("hi");
        }).serve();

        assertEquals(LAST_HI, client.written());
    }

    @Test
    void connectionDrainedBeforeItsStartIsNotServed() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        ConnectionPhase phase = LIMIT.phase(client);

        phase.drain();
        loop(client, phase, _ -> reply("hi")).serve();

        assertEquals("", client.written());
    }

    @Test
    void lingersAlwaysIfConfigured() {
        ClientOptions d = rules;
        rules = new ClientOptions(d.head(), d.receiving(), d.keepAlive(),
                new ClientOptions.Lingering(ClientOptions.Lingering.When.ALWAYS, Duration.ofSeconds(30), Duration.ofSeconds(5)),
                d.sending(), d.http2(), false);
        client.sends("GET / HTTP/1.0\r\n\r\n").sends("x").during(() -> clock.pass(Duration.ofSeconds(28))).sends("y")
                .during(() -> clock.pass(Duration.ofSeconds(28))).sends("z").sends("never read");

        serve(_ -> reply("hi"));

        assertEquals(List.of("GET /", "done 200", "shutdown", "close"), events);
        assertEquals(Duration.ofSeconds(5), client.patiences().get(1));
        assertTrue(client.patiences().size() <= 4, client.patiences().toString());
    }

    private ClientOptions keepalive(long requests) {
        ClientOptions d = rules;
        return new ClientOptions(d.head(), d.receiving(),
                new ClientOptions.KeepAlive(d.keepAlive().timeout(), 0, requests, d.keepAlive().time(),
                        d.keepAlive().disabled(), Duration.ZERO), d.lingering(),
                d.sending(), d.http2(), false);
    }
}
