package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.DuplexStream;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.HandlerRouter;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.UpgradeHandler;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.http1.Feeding.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ServeLoopTest {
    private static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    private static final String HI = "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nhi";
    private static final String LAST_HI = HI.replace("keep-alive", "close");

    private static final Logger LOGGER = Logger.getLogger("io.selvage.server.http1");

    static {
        // These handlers throw on purpose; the log would report it.
        LOGGER.setLevel(Level.OFF);
    }

    private final List<String> events = new ArrayList<>();
    private final FakeConnection client = new FakeConnection(events);
    private final FakeClock clock = new FakeClock();
    private final List<Sent> sent = new ArrayList<>();
    private ClientOptions rules = ClientOptions.DEFAULT;

    // ---- one request after another

    @Test
    void answersARequestInOneWrite() {
        client.sends("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> text("hi"));

        assertEquals(HI, client.written());
        assertEquals(List.of(HI.length()), client.writes());
        assertEquals(List.of("GET /a", "done 200", "close"), events);
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        client.sends("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(exchange -> text(exchange.routing().path()));

        assertEquals(List.of("GET /1", "done 200", "POST /2", "done 200", "GET /3", "done 200", "close"), events);
        assertTrue(client.written().matches("(?s).*/1HTTP.*/2HTTP.*/3"), client.written());
    }

    @Test
    void answersTenThousandPipelinedRequests() {
        rules = keepalive(20_000);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10_000));

        serve(_ -> text("hi"));

        assertEquals(HI.repeat(10_000), client.written());
    }

    @Test
    void answersDoNotDependOnTheSplitOfRequests() {
        byte[] requests = bytes("POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nTrailer: x\r\n\r\nGET /2 HTTP/1.1\nHost: a\n\n");
        for (int cut = 0; cut <= requests.length; cut++) {
            FakeConnection connection = new FakeConnection();
            for (byte[] piece : Feeding.cutAt(requests, cut)) {
                connection.sends(piece);
            }
            loop(connection, exchange -> text(read(exchange) + exchange.routing().path())).serve();
            assertEquals((HI + HI).replaceAll("Content-Length: 2", "Content-Length: 7").replace("hi", "abcde/1")
                    .replaceFirst("(?s)^(.*)Content-Length: 7(.*)abcde/1", "$1Content-Length: 2$2/2"), connection.written());
        }
    }

    @RepeatedTest(500)
    void randomBytesOnlyEndTheConnection(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        client.sends(Feeding.mutate(bytes("POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2;x=\"y\"\r\nde\r\n0\r\nX: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"), random));

        serve(exchange -> text(read(exchange)));

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

        serve(_ -> text("hi"));

        String first = HI.replace("keep-alive", connection);
        assertEquals(connection.equals("close") ? first : first + LAST_HI, client.written());
    }

    @Test
    void endsAfterKeepaliveRequests() {
        rules = keepalive(2);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3));

        serve(_ -> text("hi"));

        assertEquals(HI + LAST_HI, client.written());
    }

    @Test
    void endsAfterKeepaliveTime() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").meanwhile(() -> clock.pass(Duration.ofHours(1)))
                .sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> text("hi"));

        assertEquals(HI + LAST_HI, client.written());
    }

    @Test
    void endsIfTheExchangeIsClosing() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2));

        serve(exchange -> {
            exchange.outcome().closeAfter();
            return text("hi");
        });

        assertEquals(LAST_HI, client.written());
    }

    @Test
    void firstHeadAndNextRequestHaveTheirOwnTimeouts() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").isSilent();

        serve(_ -> text("hi"));

        assertEquals(List.of(rules.head().timeout(), rules.keepAlive().timeout()), client.patiences());
        assertEquals(HI, client.written());
    }

    // ---- draining

    @Test
    void drainClosesAnIdleConnection() {
        AtomicReference<ServeLoop> loop = new AtomicReference<>();
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").meanwhile(() -> loop.get().drain())
                .sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        loop.set(loop(client, _ -> text("hi")));

        loop.get().serve();

        assertEquals(HI, client.written());
        assertEquals("close", events.getLast());
    }

    @Test
    void drainCompletesTheCurrentRequest() {
        AtomicReference<ServeLoop> loop = new AtomicReference<>();
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2));
        loop.set(loop(client, _ -> {
            loop.get().drain();
            return text("hi");
        }));

        loop.get().serve();

        assertEquals(LAST_HI, client.written());
    }

    @Test
    void connectionDrainedBeforeItsStartIsNotServed() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        ServeLoop loop = loop(client, _ -> text("hi"));

        loop.drain();
        loop.serve();

        assertEquals("", client.written());
    }

    // ---- refusals

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
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabcd /x HTTP/1.1\r\n\r\n");

        serve(exchange -> exchange.refusal().isPresent() ? new Answer.StatusOnly(exchange.refusal().get().status()) : text("hi"));

        assertEquals(List.of("POST /", "done 200", "cd /x", "done 400", "shutdown", "close"), events);
    }

    @Test
    void unreadBodyOfAGetIsSkipped() {
        client.sends("GET /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> text("hi"));

        assertEquals(HI + HI, client.written());
        assertEquals(List.of("GET /1", "done 200", "GET /2", "done 200", "close"), events);
    }

    @ParameterizedTest
    @ValueSource(ints = {1020, 1024, 1025, 8180, 8189, 8190, 8191, 8192, 8193, 8194, 8195, 9000})
    void linesAtTheLimitAreReadOrRefused(int length) {
        for (String line : List.of("GET /" + "a".repeat(length - 16) + " HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.0\r\nA: " + "a".repeat(length - 5) + "\r\n\r\n")) {
            FakeConnection connection = new FakeConnection();
            for (byte[] piece : Feeding.cutAt(bytes(line), 1000)) {
                connection.sends(piece);
            }
            loop(connection, exchange -> new Answer.StatusOnly(
                    exchange.refusal().map(Refusal::status).orElse(Status.OK))).serve();

            String status = connection.written().substring(9, 12);
            assertTrue(length > 8192 ? status.equals("414") || status.equals("431") : status.equals("200"), status);
        }
    }

    // ---- timeouts and departures

    @Test
    void silentClientIsClosedWithoutAnAnswer() {
        client.isSilent();

        serve(_ -> text("hi"));

        assertEquals("", client.written());
        assertEquals(List.of("close"), events);
    }

    @Test
    void incompleteHeadIs408() {
        client.sends("GET / HTTP/1.1\r\nHos").isSilent();

        serve(exchange -> new Answer.StatusOnly(exchange.refusal().orElseThrow().status()));

        assertTrue(client.written().startsWith("HTTP/1.1 408 Request Timeout\r\n"));
        assertEquals("done 408", events.get(1));
    }

    @Test
    void slowHeadHasOneDeadline() {
        for (char c : "GET / HTTP/1.1\r\nHost: a\r\n".toCharArray()) {
            client.sends(String.valueOf(c)).meanwhile(() -> clock.pass(Duration.ofSeconds(10)));
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

        serve(_ -> text("hi"));

        assertEquals(HI, client.written());
        assertEquals(List.of("GET /", "done 200", "close"), events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "Transfer-Encoding: chunked\r\n\r\n9\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"})
    void truncatedBodyIsAFailure(String request) {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\n" + request);

        serve(exchange -> text(read(exchange)));

        assertEquals("", client.written());
        assertEquals(List.of("POST /", "done 499", "close"), events);
    }

    @Test
    void malformedChunkIs400AndEndsTheConnection() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n"
                + "GET /x HTTP/1.1\r\n\r\n");

        serve(exchange -> text(read(exchange)));

        assertTrue(client.written().startsWith("HTTP/1.1 400 Bad Request\r\n"), client.written());
        assertEquals(List.of("POST /", "done 400", "shutdown", "close"), events);
    }

    @Test
    void stalledBodyIs408() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").isSilent();

        serve(exchange -> text(read(exchange)));

        assertTrue(client.written().startsWith("HTTP/1.1 408"));
        assertEquals("done 408", events.get(1));
    }

    @Test
    void clientThatDisconnectsBeforeItsAnswerIs499() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesOnly(0, new IOException("broken pipe"));

        serve(_ -> text("hi"));

        assertEquals(List.of("GET /", "done 499", "close"), events);
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void clientThatDoesNotReadIs408AndMayBeReset() {
        ClientOptions d = rules;
        rules = new ClientOptions(d.head(), d.bodyTimeout(), d.keepAlive(), d.lingering(), d.sending(), true);
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").takesOnly(0, new TimedOut("a write"));

        serve(_ -> text("hi"));

        assertEquals(List.of("GET /", "done 408", "abort"), events);
    }

    // ---- request bodies

    @Test
    void continueIsSentWhenTheBodyIsRead() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n").hesitates().sends("hi");

        serve(exchange -> text(read(exchange)));

        assertEquals("HTTP/1.1 100 Continue\r\n\r\n" + HI, client.written());
        assertEquals(client.written().length(), sent.getFirst().bytes());
    }

    @Test
    void continueIsNotSentToAClientThatDoesNotWait() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");

        serve(exchange -> text(read(exchange)));

        assertEquals(HI, client.written());
    }

    @Test
    void answerWithoutTheExpectedBodyEndsTheConnection() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").sends("GET / HTTP/1.1");

        serve(_ -> text("hi"));

        assertEquals(LAST_HI, client.written());
        assertEquals(List.of("POST /", "done 200", "shutdown", "close"), events);
    }

    @Test
    void continueIsNotSentToHttp10Clients() {
        client.sends("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").sends("hi");

        serve(exchange -> text(read(exchange)));

        assertEquals(LAST_HI, client.written());
    }

    @Test
    void smallUnreadBodyIsSkipped() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n").sends("0\r\n\r\n")
                .sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> text("hi"));

        assertEquals(HI + HI, client.written());
    }

    @Test
    void largeUnreadBodyEndsTheConnection() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n").sends(new byte[1_000_000]);

        serve(_ -> text("hi"));

        assertEquals(LAST_HI, client.written());
        assertEquals(List.of("POST /", "done 200", "shutdown", "close"), events);
    }

    @Test
    void unreadChunkedBodyIsSkippedUpToALimit() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 100; i++) {
            client.sends("4000\r\n").sends(new byte[0x4000]).sends("\r\n");
        }

        serve(_ -> text("hi"));

        assertEquals(HI, client.written());
        assertEquals(List.of("POST /", "done 200", "shutdown", "close"), events);
    }

    @Test
    void bodyAboveItsLimitFails() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");

        serve(exchange -> {
            exchange.body().limit(4);
            return text(read(exchange));
        });

        assertEquals("done 413", events.get(1));
        assertTrue(client.written().contains("Connection: close\r\n"));
    }

    @Test
    void lengthAboveTheLimitFailsBeforeContinue() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

        serve(exchange -> {
            exchange.body().limit(4);
            return text(read(exchange));
        });

        assertTrue(client.written().startsWith("HTTP/1.1 413"), client.written());
    }

    // ---- whatever a handler does

    @ParameterizedTest
    @ValueSource(strings = {"exception", "error", "overflow"})
    void handlerThatThrowsIs500(String how) {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> switch (how) {
            case "exception" -> throw new IllegalStateException("wrong on purpose");
            case "error" -> throw new AssertionError("wrong on purpose");
            default -> overflow(1);
        });

        assertTrue(client.written().startsWith("HTTP/1.1 500 Internal Server Error\r\n"));
        assertEquals(List.of("GET /", "done 500", "close"), events);
    }

    @Test
    void unhandledFailureIsItsStatus() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> {
            throw Failure.upstream(Failure.What.TIMED_OUT, false, "slow");
        });

        assertTrue(client.written().startsWith("HTTP/1.1 504 Gateway Timeout\r\n"));
        assertTrue(client.written().endsWith("\r\n\r\n504 Gateway Timeout\n"));
    }

    @Test
    void unfollowedInternalRedirectIs500() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> new Answer.InternalRedirect("/x", ""));

        assertEquals("done 500", events.get(1));
    }

    @Test
    void closeSilentlySendsNothing() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> new Answer.CloseSilently());

        assertEquals("", client.written());
        assertEquals(List.of("GET /", "done 444", "close"), events);
    }

    @Test
    void upgradeHandsTheConnectionOver() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nearly").sends("late");
        StringBuilder heard = new StringBuilder();

        serve(_ -> new Answer.Upgraded(new ResponseHead(Status.SWITCHING_PROTOCOLS,
                Headers.of("Connection", "upgrade", "Upgrade", "x")), new UpgradeHandler() {
                    @Override
                    public long run(DuplexStream connection) {
                        ByteBuffer buffer = ByteBuffer.allocate(100);
                        try {
                            while (connection.read(buffer, Duration.ofSeconds(1)) > 0) {
                                heard.append(StandardCharsets.ISO_8859_1.decode(buffer.flip())).append('|');
                                buffer.clear();
                            }
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                        return 7;
                    }

                    @Override
                    public void close() {
                        events.add("tunnel closed");
                    }
                }));

        assertEquals("early|late|", heard.toString());
        assertEquals("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n" + DATE + "\r\n",
                client.written());
        assertEquals(client.written().length() + 7, sent.getFirst().bytes());
        assertEquals(List.of("GET /", "tunnel closed", "done 101", "close"), events);
    }

    @Test
    void actionAfterAnExchangeMayThrow() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(exchange -> {
            exchange.whenDone(_ -> {
                throw new IllegalStateException("wrong on purpose");
            });
            return text("hi");
        });

        assertEquals(HI, client.written());
        assertEquals("close", events.getLast());
    }

    @Test
    void interimAnswersAreSentToHttp11Clients() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.0\r\n\r\n");

        serve(exchange -> {
            exchange.client().interim(new ResponseHead(Status.of(103), Headers.of("Link", "<x>")));
            return text("hi");
        });

        assertEquals("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + HI + LAST_HI, client.written());
    }

    // ---- how it ends

    @Test
    void lingersAlwaysIfConfigured() {
        ClientOptions d = rules;
        rules = new ClientOptions(d.head(), d.bodyTimeout(), d.keepAlive(),
                new ClientOptions.Lingering(ClientOptions.Lingering.When.ALWAYS, Duration.ofSeconds(30), Duration.ofSeconds(5)),
                d.sending(), false);
        client.sends("GET / HTTP/1.0\r\n\r\n").sends("x").meanwhile(() -> clock.pass(Duration.ofSeconds(28))).sends("y")
                .meanwhile(() -> clock.pass(Duration.ofSeconds(28))).sends("z").sends("never read");

        serve(_ -> text("hi"));

        assertEquals(List.of("GET /", "done 200", "shutdown", "close"), events);
        assertEquals(Duration.ofSeconds(5), client.patiences().get(1));
        assertTrue(client.patiences().size() <= 4, client.patiences().toString());
    }

    private void serve(Handler handler) {
        loop(client, handler).serve();
    }

    private ServeLoop loop(FakeConnection connection, Handler handler) {
        return new ServeLoop(connection, 7, () -> new EntryPoint(rules, HandlerRouter.of(exchange -> {
            events.add(exchange.routing().method() + " " + exchange.routing().path());
            exchange.whenDone(over -> {
                sent.add(over.outcome().sent().orElseThrow());
                events.add("done " + over.outcome().sent().get().head().status().code());
            });
            return handler.handle(exchange);
        })), clock);
    }

    private ClientOptions keepalive(long requests) {
        ClientOptions d = rules;
        return new ClientOptions(d.head(), d.bodyTimeout(),
                new ClientOptions.KeepAlive(d.keepAlive().timeout(), 0, requests, d.keepAlive().time()), d.lingering(),
                d.sending(), false);
    }

    private static Answer text(String text) {
        return new Answer.Reply(new ResponseHead(Status.OK, Headers.EMPTY), Body.text(text));
    }

    private static String read(Exchange exchange) throws Failure {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(50);
        while (exchange.body().read(buffer.clear()) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        return text.toString();
    }

    private static Answer overflow(int depth) {
        return depth == 0 ? text("") : overflow(depth + 1);
    }
}
