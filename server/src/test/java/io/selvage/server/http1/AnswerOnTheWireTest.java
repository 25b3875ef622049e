package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.HandlerRouter;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.net.Connection;
import io.selvage.server.net.SendableFile;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The bytes of an answer as the client receives them.
class AnswerOnTheWireTest {
    private static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\n" + DATE + "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n";
    private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\n" + DATE + "Connection: close\r\n\r\n";
    private static final Logger LOGGER = Logger.getLogger("io.selvage.server.http1");

    static {
        // These answers fail on purpose; the log would report it.
        LOGGER.setLevel(Level.OFF);
    }

    private final List<String> events = new ArrayList<>();
    private final FakeConnection client = new FakeConnection(events);
    private final FakeClock clock = new FakeClock();
    private final List<Sent> sent = new ArrayList<>();
    private ClientOptions rules = ClientOptions.DEFAULT;
    private long rate;
    private long rateAfter;

    // ---- heads

    @Test
    void generatedFieldsFollowThoseOfTheHandler() {
        answer("GET", "1.1", Headers.of("Server", "x", "ETag", "\"1\""), Body.text("hi"));

        assertEquals("HTTP/1.1 200 OK\r\nServer: x\r\nETag: \"1\"\r\n" + DATE
                + "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nhi", client.written());
        assertEquals(Headers.of("Server", "x", "ETag", "\"1\"", "Date", DATE.substring(6, DATE.length() - 2), "Content-Length",
                "2", "Connection", "keep-alive"), sent.getFirst().head().headers());
        Sent told = sent.getFirst();
        assertEquals(List.of((long) client.written().length(), 2L, true),
                List.of(told.bytes(), told.bodyBytes(), told.complete()));
    }

    @Test
    void framingFieldsOfTheHandlerAreIgnored() {
        answer("GET", "1.1", Headers.of("Content-Length", "99", "transfer-encoding", "gzip", "Connection", "x", "Keep-Alive", "y",
                "Date", "then"), Body.text("hi"));

        assertEquals("HTTP/1.1 200 OK\r\nDate: then\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nhi", client.written());
    }

    @Test
    void keepAliveFieldIsSentIfConfigured() {
        ClientOptions d = rules;
        rules = new ClientOptions(d.head(), d.bodyTimeout(), new ClientOptions.KeepAlive(d.keepAlive().timeout(), 9, 1000,
                d.keepAlive().time()), d.lingering(), d.sending(), false);
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
        Script source = new Script("hi");
        answer("HEAD", "1.1", Headers.EMPTY, new Body.Stream(source));

        assertEquals(CHUNKED.replace("Transfer-Encoding: chunked\r\n", ""), client.written());
        assertEquals(1, source.closed);
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
        assertEquals(List.of("done 500", "close"), events);
    }

    // ---- streams

    @Test
    void streamOfUnknownLengthIsChunked() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("hello", "", " world")));

        assertEquals(CHUNKED + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", client.written());
        assertEquals(11, sent.getFirst().bodyBytes());
    }

    @Test
    void availableBodyIsWrittenWithTheHead() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("hello", " ", "world")));

        assertEquals(CHUNKED + "b\r\nhello world\r\n0\r\n\r\n", client.written());
        assertEquals(1, client.writes().size());
    }

    @Test
    void receivedBytesAreSentBeforeAWait() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("", "a", "", "b", "")));

        assertEquals(List.of(CHUNKED.length(), 6, 6, 5), client.writes());
    }

    @Test
    void streamToAnHttp10ClientEndsWithTheConnection() {
        answer("GET", "1.0\r\nConnection: keep-alive", Headers.EMPTY, new Body.Stream(new Script("hello", "", " world")));

        assertEquals(UNTIL_CLOSE + "hello world", client.written());
        assertEquals("close", events.getLast());
    }

    @Test
    void streamOfKnownLengthHasALength() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("hello").ofLength(5)));

        assertTrue(client.written().endsWith("Content-Length: 5\r\nConnection: keep-alive\r\n\r\nhello"), client.written());
    }

    @Test
    void longStreamIsSplitIntoChunks() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("x".repeat(40_000))));

        String body = client.written().substring(CHUNKED.length());
        assertTrue(body.matches("([0-9a-f]{1,8}\r\nx++\r\n){2,99}0\r\n\r\n"), body.substring(0, 10));
        assertEquals(40_000, body.chars().filter(c -> c == 'x').count());
        assertEquals(40_000, sent.getFirst().bodyBytes());
    }

    @Test
    void trailersAreSentAfterChunks() {
        Headers trailers = Headers.of("X-Sum", "1");
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("hi").withTrailers(trailers)));
        assertEquals(CHUNKED + "2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n", client.written());
    }

    @Test
    void trailersAreOmittedWithoutChunks() {
        Headers trailers = Headers.of("X-Sum", "1");
        answer("GET", "1.0", Headers.EMPTY, new Body.Stream(new Script("hi").withTrailers(trailers)));
        assertEquals(UNTIL_CLOSE + "hi", client.written());
    }

    @Test
    void failedChunkedStreamHasNoLastChunk() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("hello").thenFails()));

        assertEquals(CHUNKED + "5\r\nhello\r\n", client.written());
        assertEquals(List.of("done 200", "close"), events);
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void failedStreamWithoutFramingIsReset() {
        answer("GET", "1.0", Headers.EMPTY, new Body.Stream(new Script("hello").thenFails()));

        assertEquals(UNTIL_CLOSE + "hello", client.written());
        assertEquals(List.of("done 200", "abort"), events);
    }

    @Test
    void streamThatFailsBeforeTheHeadIsAnsweredWithAnError() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script().thenFails()));

        assertTrue(client.written().startsWith("HTTP/1.1 502 Bad Gateway\r\n"), client.written());
        assertEquals(List.of("done 502", "close"), events);
    }

    @Test
    void interimAnswerIsFollowedByTheFinalOne() {
        serve("GET", "1.1", exchange -> {
            exchange.client().interim(new ResponseHead(Status.of(103), Headers.EMPTY));
            return reply(200, Headers.EMPTY, new Body.Stream(new Script().thenFails()));
        });

        assertTrue(client.written().startsWith("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 502 Bad Gateway\r\n"), client.written());
    }

    @Test
    void streamShorterThanItsLengthEndsTheConnection() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("hello").ofLength(9)));

        assertTrue(client.written().endsWith("Content-Length: 9\r\nConnection: keep-alive\r\n\r\nhello"));
        assertEquals(List.of("done 200", "close"), events);
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void streamLongerThanItsLengthIsCut() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("", "he", "", "llo").ofLength(4)));

        assertTrue(client.written().endsWith("\r\n\r\nhe"), client.written());
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void disconnectDuringTheBodyKeepsTheStatus() {
        client.takesOnly(CHUNKED.length(), new IOException("broken pipe"));
        Script source = new Script("", "hello", "", "world");
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(source));

        assertEquals(List.of("done 200", "close"), events);
        assertFalse(sent.getFirst().complete());
        assertEquals(1, source.closed);
    }

    @Test
    void clientThatStopsReadingIsClosed() {
        client.takesOnly(CHUNKED.length(), new TimedOut("a write"));
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("", "hello")));

        assertEquals(List.of("done 200", "close"), events);
    }

    // ---- files and parts

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void partOfAFileIsSent(boolean sendfile, @TempDir Path folder) throws IOException {
        rules = sendfile(sendfile);
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 2, 5, () -> events.add("given back")));
        }

        assertTrue(client.written().endsWith("Content-Length: 5\r\nConnection: keep-alive\r\n\r\n23456"), client.written());
        List<String> after = List.of("given back", "done 200", "close");
        assertEquals(after, sendfile ? events.subList(1, 4) : events);
        assertEquals(sendfile ? 2 : 1, client.writes().size());
    }

    /// Head and first bytes are one write, so the client does not wake up for the head alone.
    @Test
    void firstBytesInMemoryAreWrittenWithTheHead(@TempDir Path folder) throws IOException {
        rules = sendfile(true);
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            ByteBuffer start = ByteBuffer.wrap(Feeding.bytes("0123"));
            answer("GET", "1.1", Headers.EMPTY,
                    new Body.FilePart(new SendableFile(file), 0, 10, start, () -> events.add("given back")));
            assertEquals(4, start.remaining());
        }

        assertTrue(client.written().endsWith("Content-Length: 10\r\nConnection: keep-alive\r\n\r\n0123456789"), client.written());
        assertEquals(2, client.writes().size());
        assertEquals(6, client.writes().getLast());
        assertEquals(10, sent.getFirst().bodyBytes());
    }

    @Test
    void firstBytesInMemoryAreThrottledToo(@TempDir Path folder) throws IOException {
        rules = sendfile(true);
        rate = 4;
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            ByteBuffer start = ByteBuffer.wrap(Feeding.bytes("01234567"));
            answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 0, 10, start, () -> { }));
        }

        assertTrue(client.written().endsWith("\r\n\r\n0123456789"), client.written());
        assertTrue(client.writes().size() > 2, client.writes().toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void truncatedFileIsNotACompleteAnswer(boolean sendfile, @TempDir Path folder) throws IOException {
        rules = sendfile(sendfile);
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 0, 11, () -> { }));
        }

        assertTrue(client.written().endsWith("Content-Length: 11\r\nConnection: keep-alive\r\n\r\n0123456789"));
        assertEquals("close", events.getLast());
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void unreadableFileIsAServerError(@TempDir Path folder) throws IOException {
        rules = sendfile(false);
        FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"));
        file.close();
        answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 0, 10, () -> { }));

        assertTrue(client.written().startsWith("HTTP/1.1 500 Internal Server Error\r\n"), client.written());
    }

    @Test
    void partsAreSentInOrder(@TempDir Path folder) throws IOException {
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.Parts(List.of(Body.text("<"),
                    new Body.FilePart(new SendableFile(file), 1, 2, () -> { }), Body.text("|"),
                    new Body.FilePart(new SendableFile(file), 5, 1, () -> { }), Body.text(">"))));
        }

        assertTrue(client.written().endsWith("Content-Length: 6\r\nConnection: keep-alive\r\n\r\n<12|5>"), client.written());
    }

    @Test
    void bytesInMemoryAreNotChanged() {
        ByteBuffer bytes = ByteBuffer.wrap(Feeding.bytes("hi"));
        answer("GET", "1.1", Headers.EMPTY, new Body.Bytes(bytes));

        assertEquals(2, bytes.remaining());
    }

    // ---- pace

    @Test
    void limitRateAppliesAfterTheFirstBytes() {
        rate = 1000;
        rateAfter = 500;
        answer("GET", "1.1", Headers.EMPTY, Body.text("x".repeat(2500)));

        assertEquals(2500, sent.getFirst().bodyBytes());
        assertTrue(clock.slept().toMillis() >= 2000 && clock.slept().toMillis() <= 2010, clock.slept().toString());
        assertTrue(client.writes().size() > 10);
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
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script("x".repeat(50), "", "x".repeat(50))));

        assertTrue(clock.slept().toMillis() >= 900, clock.slept().toString());
        assertTrue(client.written().endsWith("0\r\n\r\n"));
    }

    @Test
    void headAnd16KilobytesAreOneWrite() {
        for (String version : List.of("1.0", "1.1")) {
            FakeConnection reader = new FakeConnection().sends("GET / HTTP/" + version + "\r\n\r\n");
            Script source = new Script("x".repeat(10_000), "x".repeat(6384)).ofLength(16_384);
            loop(reader, _ -> reply(200, Headers.EMPTY, new Body.Stream(source))).serve();

            assertEquals(List.of(reader.written().length()), reader.writes());
            assertTrue(reader.written().endsWith("\r\n\r\n" + "x".repeat(16_384)));
        }
    }

    @Test
    void fastStreamUsesLargePieces() {
        String data = "x".repeat(300_000);
        List<Integer> told = writesOf(new Script(data).ofLength(300_000), Long.MAX_VALUE);
        assertTrue(told.getFirst() > 60_000, told::toString);
        List<Integer> untold = writesOf(new Script(data), Long.MAX_VALUE);
        assertTrue(untold.getFirst() < 20_000 && untold.get(1) > 60_000, untold::toString);
        List<Integer> slow = writesOf(new Script(data), 1000);
        assertTrue(slow.stream().allMatch(size -> size < 20_000), slow::toString);
    }

    @Test
    void slowStreamUsesSmallPieces() {
        Script source = new Script("x".repeat(100_000), "", "x", "", "x".repeat(100_000)).ofLength(200_001);
        List<Integer> sizes = writesOf(source, Long.MAX_VALUE);
        assertTrue(sizes.get(sizes.indexOf(1) + 1) < 20_000, sizes::toString);
    }

    private List<Integer> writesOf(Script source, long atOnce) {
        FakeConnection reader = new FakeConnection().sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesAtOnce(atOnce);
        loop(reader, _ -> reply(200, Headers.EMPTY, new Body.Stream(source))).serve();
        return reader.writes();
    }

    @Test
    void longHeadIsWrittenBeforeItsBody() {
        answer("GET", "1.1", Headers.of("X-Long", "y".repeat(30_000)), new Body.Stream(new Script("hi").ofLength(2)));

        assertTrue(client.written().endsWith("y\r\n" + DATE + "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nhi"));
    }

    @Test
    void onlyTheSourceOfASlowClientIsReadAhead() {
        for (long atOnce : List.of(Long.MAX_VALUE, 50_000L)) {
            FakeConnection reader = new FakeConnection().sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesAtOnce(atOnce);
            Script source = new Script("x".repeat(40_000), "", "x".repeat(40_000)).ofLength(80_000);
            loop(reader, _ -> reply(200, Headers.EMPTY, new Body.Stream(source))).serve();

            assertEquals(atOnce < 80_000, source.readAheads > 0);
            assertTrue(reader.written().endsWith("\r\n\r\n" + "x".repeat(80_000)));
        }
    }

    @Test
    void sourceOfAThrottledClientIsReadAhead() {
        rate = 100;
        Script source = new Script("x".repeat(50), "", "x".repeat(50));
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(source));

        assertTrue(source.readAheads > 0);
    }

    @Test
    void trailersMayFollowAnEmptyBody() {
        answer("GET", "1.1", Headers.EMPTY, new Body.Stream(new Script().withTrailers(Headers.of("X-Sum", "0"))));

        assertEquals(CHUNKED + "0\r\nX-Sum: 0\r\n\r\n", client.written());
    }

    private void answer(String method, String version, Headers headers, Body body) {
        serve(method, version, _ -> reply(200, headers, body));
    }

    private static Answer reply(int status, Headers headers, Body body) {
        return new Answer.Reply(new ResponseHead(Status.of(status), headers), body);
    }

    private void serve(String method, String version, Handler handler) {
        client.sends(method + " / HTTP/" + version + "\r\nHost: a\r\n\r\n");
        loop(client, exchange -> handle(exchange, handler)).serve();
    }

    private ServeLoop loop(Connection connection, Handler handler) {
        return new ServeLoop(connection, 1, () -> new EntryPoint(rules, HandlerRouter.of(handler)), clock);
    }

    private Answer handle(Exchange exchange, Handler handler) throws Failure {
        exchange.outcome().rate(rate, rateAfter);
        exchange.whenDone(over -> {
            sent.add(over.outcome().sent().orElseThrow());
            events.add("done " + over.outcome().sent().get().head().status().code());
        });
        return handler.handle(exchange);
    }

    private static ClientOptions sendfile(boolean on) {
        ClientOptions d = ClientOptions.DEFAULT;
        return new ClientOptions(d.head(), d.bodyTimeout(), d.keepAlive(), d.lingering(),
                new ClientOptions.Sending(d.sending().timeout(), true, on), false);
    }

    /// A source that returns these texts; an empty text is a wait.
    private static final class Script implements BodySource {
        private final Deque<String> texts = new ArrayDeque<>();
        private OptionalLong length = OptionalLong.empty();
        private Headers trailers = Headers.EMPTY;
        private boolean fails;
        private int closed;
        private int readAheads;

        Script(String... texts) {
            this.texts.addAll(List.of(texts));
        }

        Script ofLength(long bytes) {
            length = OptionalLong.of(bytes);
            return this;
        }

        Script withTrailers(Headers fields) {
            trailers = fields;
            return this;
        }

        Script thenFails() {
            fails = true;
            return this;
        }

        @Override
        public int read(ByteBuffer into) throws Failure {
            while (!texts.isEmpty() && texts.peek().isEmpty()) {
                texts.poll();
            }
            if (texts.isEmpty()) {
                if (fails) {
                    throw Failure.upstream(Failure.What.CLOSED, false, "cut short");
                }
                return -1;
            }
            String text = texts.poll();
            int count = Math.min(text.length(), into.remaining());
            into.put(Feeding.bytes(text.substring(0, count)));
            if (count < text.length()) {
                texts.addFirst(text.substring(count));
            }
            return count;
        }

        @Override
        public OptionalLong length() {
            return length;
        }

        @Override
        public boolean hasMoreNow() {
            return texts.isEmpty() || !texts.peek().isEmpty();
        }

        @Override
        public void readAhead() {
            readAheads++;
        }

        @Override
        public Headers trailers() {
            return trailers;
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
