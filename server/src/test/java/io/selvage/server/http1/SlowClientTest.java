package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.http.MinRate;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Clients that send a body, or take an answer, more slowly than `client_body_min_rate` and `send_min_rate` allow.
class SlowClientTest extends AnswerFixture {
    private static final MinRate LEAST = new MinRate(100, Duration.ofSeconds(30));

    private void least(MinRate receiving, MinRate sending) {
        ClientOptions d = ClientOptions.DEFAULT;
        rules = new ClientOptions(d.head(), new ClientOptions.Receiving(d.receiving().timeout(), receiving), d.keepAlive(),
                d.lingering(), new ClientOptions.Sending(d.sending().timeout(), sending, true, true, true), d.http2(), false);
    }

    /// A body, a piece at a time, each a second after the last one.
    private void sends(String framing, List<String> pieces) {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");
        pieces.forEach(piece -> client.during(() -> clock.pass(Duration.ofSeconds(1))).sends(piece));
        serve(exchange -> reply(Feeding.text(exchange.body()).length() + " bytes"));
    }

    @Test
    void bodyAtTenBytesASecondIs408() {
        least(LEAST, MinRate.OFF);

        sends("Content-Length: 1000", List.of("0123456789".repeat(100).split("(?<=\\G.{10})")));

        assertTrue(client.written().startsWith("HTTP/1.1 408 "), client.written());
        assertEquals(List.of("POST /", "done 408", "shutdown", "close"), events);
    }

    @Test
    void framingIsNoSpeed() {
        least(LEAST, MinRate.OFF);

        sends("Transfer-Encoding: chunked", List.of(("5;" + "x".repeat(100)).split("")));

        assertTrue(client.written().startsWith("HTTP/1.1 408 "), client.written());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1000})
    void bodyAtTheLeastRateIsReceived(int bytesPerSecond) {
        least(LEAST, MinRate.OFF);

        sends("Content-Length: 100000", List.of("x".repeat(100_000).split("(?<=\\G.{" + bytesPerSecond + "})")));

        assertTrue(client.written().endsWith("100000 bytes"), client.written());
    }

    @Test
    void bodyIsReceivedAtAnySpeedWithoutALeastRate() {
        sends("Content-Length: 100", List.of("x".repeat(100).split("")));

        assertTrue(client.written().endsWith("100 bytes"), client.written());
    }

    @Test
    void fileIsCutWhereTheClientTakesItTooSlowly(@TempDir Path folder) throws IOException {
        least(MinRate.OFF, new MinRate(100_000, Duration.ofSeconds(30)));
        client.takesAtOnce(64_000).eachWrite(() -> clock.pass(Duration.ofSeconds(10)));
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "x".repeat(2_000_000)))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 0, 2_000_000, () -> { }));
        }

        assertTrue(sent.getFirst().bodyBytes() < 1_000_000, () -> sent.getFirst().bodyBytes() + " bytes");
        List<String> ended = events.stream().filter(event -> !event.equals("sent a file")).toList();
        assertEquals(List.of("GET /", "done 200", "close"), ended);
    }

    @Test
    void streamIsCutWhereTheClientTakesItTooSlowly() {
        least(MinRate.OFF, new MinRate(100_000, Duration.ofSeconds(30)));
        client.takesAtOnce(20_000).eachWrite(() -> clock.pass(Duration.ofSeconds(1)));

        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new ScriptedSource("x".repeat(5_000_000)).ofLength(5_000_000)));

        assertTrue(sent.getFirst().bodyBytes() < 1_000_000, () -> sent.getFirst().bodyBytes() + " bytes");
    }

    @Test
    void fastClientGetsAWholeFileInLargeSteps(@TempDir Path folder) throws IOException {
        least(MinRate.OFF, new MinRate(100_000, Duration.ofSeconds(30)));
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "x".repeat(8_000_000)))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 0, 8_000_000, () -> { }));
        }

        assertEquals(8_000_000, sent.getFirst().bodyBytes());
        assertTrue(client.writes().size() < 20, () -> client.writes().toString());
    }

    @Test
    void rateLimitDoesNotMakeAClientSlow() {
        least(MinRate.OFF, new MinRate(100_000, Duration.ofSeconds(1)));
        rate = 100;

        answer("GET", "1.1", Headers.EMPTY, Body.text("x".repeat(10_000)));

        assertEquals(10_000, sent.getFirst().bodyBytes());
    }
}
