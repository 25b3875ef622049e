package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.Headers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The sizes of the pieces of an answer, `limit_rate`, and reading ahead.
class AnswerPaceTest extends AnswerFixture {
    @Test
    void limitRateAppliesAfterTheFirstBytes() {
        rate = 1000;
        rateAfter = 500;
        answer("GET", "1.1", Headers.EMPTY, Body.text("x".repeat(2500)));

        assertEquals(2500, sent.getFirst().bodyBytes());
        assertTrue(clock.slept().toMillis() >= 2000 && clock.slept().toMillis() <= 2010, clock.slept().toString());
        assertTrue(client.writes().size() > 3 && client.writes().size() < 9, () -> client.writes().toString());
    }

    @Test
    void smallBodyUnderTheLimitIsSentAtOnce() {
        rate = 1000;
        rateAfter = 500;
        answer("GET", "1.1", Headers.EMPTY, Body.text("x".repeat(500)));

        assertEquals(Duration.ZERO, clock.slept());
    }

    @Test
    void throttledStreamTakesItsTime() {
        rate = 100;
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("x".repeat(50), "", "x".repeat(50))));

        assertTrue(clock.slept().toMillis() >= 900, clock.slept().toString());
        assertTrue(client.written().endsWith("0\r\n\r\n"));
    }

    @Test
    void clientThatLeavesIsNoticedWhileItsResponseIsHeldBack() {
        rate = 100;
        client.leaves();
        answer("GET", "1.1", Headers.EMPTY, Body.text("x".repeat(1000)));

        assertFalse(sent.getFirst().complete());
        assertEquals(Duration.ZERO, clock.slept());
    }

    @Test
    void clientWhoseBodyIsStillToComeIsNotWatched() {
        rate = 100;
        client.leaves().sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
        serve(exchange -> {
            exchange.outcome().rate(rate, 0);
            return reply(200, Headers.EMPTY, Body.text("x".repeat(200)));
        });

        assertTrue(sent.getFirst().complete());
    }

    @Test
    void headAnd16KilobytesAreOneWrite() {
        for (String version : List.of("1.0", "1.1")) {
            FakeConnection reader = new FakeConnection().sends("GET / HTTP/" + version + "\r\n\r\n");
            ScriptedSource source = new ScriptedSource("x".repeat(10_000), "x".repeat(6384)).ofLength(16_384);
            loop(reader, _ -> reply(200, Headers.EMPTY, new Body.Stream(source))).serve();

            assertEquals(List.of(reader.written().length()), reader.writes());
            assertTrue(reader.written().endsWith("\r\n\r\n" + "x".repeat(16_384)));
        }
    }

    @Test
    void fastStreamUsesLargePieces() {
        String data = "x".repeat(300_000);
        List<Integer> knownLength = writesOf(new ScriptedSource(data).ofLength(300_000), Long.MAX_VALUE);
        assertTrue(knownLength.getFirst() > 60_000, knownLength::toString);
        List<Integer> unknownLength = writesOf(new ScriptedSource(data), Long.MAX_VALUE);
        assertTrue(unknownLength.getFirst() < 20_000 && unknownLength.get(1) > 60_000, unknownLength::toString);
        List<Integer> slow = writesOf(new ScriptedSource(data), 1000);
        assertTrue(slow.stream().allMatch(size -> size < 20_000), slow::toString);
    }

    @Test
    void slowStreamUsesSmallPieces() {
        ScriptedSource source = new ScriptedSource("x".repeat(100_000), "", "x", "", "x".repeat(100_000)).ofLength(200_001);
        List<Integer> sizes = writesOf(source, Long.MAX_VALUE);
        assertTrue(sizes.get(sizes.indexOf(1) + 1) < 20_000, sizes::toString);
    }

    private List<Integer> writesOf(ScriptedSource source, long atOnce) {
        FakeConnection reader = new FakeConnection().sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesAtOnce(atOnce);
        loop(reader, _ -> reply(200, Headers.EMPTY, new Body.Stream(source))).serve();
        return reader.writes();
    }

    @Test
    void onlyTheSourceOfASlowClientIsReadAhead() {
        for (long atOnce : List.of(Long.MAX_VALUE, 50_000L)) {
            FakeConnection reader = new FakeConnection().sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesAtOnce(atOnce);
            ScriptedSource source = new ScriptedSource("x".repeat(40_000), "", "x".repeat(40_000)).ofLength(80_000);
            loop(reader, _ -> reply(200, Headers.EMPTY, new Body.Stream(source))).serve();

            assertEquals(atOnce < 80_000, source.readAheads() > 0);
            assertTrue(reader.written().endsWith("\r\n\r\n" + "x".repeat(80_000)));
        }
    }

    @Test
    void sourceOfAThrottledClientIsReadAhead() {
        rate = 100;
        ScriptedSource source = new ScriptedSource("x".repeat(50), "", "x".repeat(50));
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(source));

        assertTrue(source.readAheads() > 0);
    }
}
