package io.selvage.perf.load;

import io.selvage.perf.http.Expectation;
import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GeneratorTest {
    private static final String HI = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final Phase ONCE = new Phase("once", new Load.Once(), Duration.ofMillis(1));
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void openPhaseSendsExactlyItsSchedule() throws Exception {
        try (var stub = Stub.answering(HI)) {
            Measurement measured = run(stub, 3, false, Request.get("/"), LONG,
                    new Phase("open", new Load.Open(500), Duration.ofMillis(200)));
            assertEquals(100, stub.requests());
            assertEquals(100, measured.counts().answered());
            assertEquals(100, measured.response().getTotalCount());
            assertEquals(100, measured.service().getTotalCount());
            assertEquals(100, measured.lag().getTotalCount());
            assertEquals(200, measured.counts().bytes());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        HI,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\n\r\n"})
    void keptConnectionCarriesEveryRequest(String answer) throws Exception {
        try (var stub = Stub.answering(answer)) {
            Measurement measured = run(stub, 1, false, withLength(2), LONG,
                    new Phase("open", new Load.Open(1000), Duration.ofMillis(20)));
            assertEquals(20, measured.counts().answered());
            assertEquals(2, stub.connections(), "one to look, one to load");
        }
    }

    @Test
    void bodyThatEndsWithTheConnectionIsComplete() throws Exception {
        try (var stub = new Stub((caller, n) -> {
            caller.send("HTTP/1.1 200 OK\r\n\r\nhi");
            return false;
        })) {
            Measurement measured = run(stub, 1, false, withLength(2), LONG,
                    new Phase("open", new Load.Open(1000), Duration.ofMillis(5)));
            assertEquals(5, measured.counts().answered());
            assertEquals(6, stub.connections());
        }
    }

    @Test
    void connectionPerRequestCarriesOneRequest() throws Exception {
        try (var stub = new Stub((caller, n) -> {
            caller.send(HI);
            return false;
        })) {
            Measurement measured = run(stub, 2, true, Request.get("/"), LONG,
                    new Phase("open", new Load.Open(1000), Duration.ofMillis(10)));
            assertEquals(10, measured.counts().answered());
            assertEquals(11, stub.connections());
        }
    }

    @Test
    void unixSocketWorksLikeAPort(@TempDir Path directory) throws Exception {
        try (var stub = new Stub(directory.resolve("s"), (caller, n) -> {
            caller.send(HI);
            return true;
        })) {
            assertEquals(3, run(stub, 3, false, Request.get("/"), LONG, ONCE).counts().answered());
        }
    }

    @Test
    void phasesShareTheirConnections() throws Exception {
        try (var stub = Stub.answering(HI); var generator = new Generator(setup(stub, 4, false, Request.get("/"), LONG))) {
            generator.run(ONCE, interval -> { });
            generator.run(ONCE, interval -> { });
            assertEquals(5, stub.connections());
            assertEquals(8, stub.requests());
        }
    }

    @Test
    void intervalsAddUpToTheMeasurement() throws Exception {
        try (var stub = Stub.answering(HI);
             var generator = new Generator(setup(stub, 1, false, Request.get("/"), LONG), Duration.ofMillis(20))) {
            var counts = new ArrayList<Long>();
            Measurement measured = generator.run(new Phase("open", new Load.Open(500), Duration.ofMillis(100)),
                    interval -> counts.add(interval.response().getTotalCount()));
            assertEquals(50, counts.stream().mapToLong(Long::longValue).sum());
            assertEquals(counts.size(), measured.moments().size());
        }
    }

    @Test
    void answerToHeadIsComplete() throws Exception {
        try (var stub = Stub.answering("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")) {
            var head = new Request("HEAD", "/", List.of(), "", Expectation.SUCCESS);
            assertEquals(Map.of(), run(stub, 1, false, head, LONG, ONCE).counts().problems());
        }
    }

    @Test
    void refusedConnectionIsCounted() throws Exception {
        var stub = Stub.answering(HI);
        try (var generator = new Generator(setup(stub, 1, false, Request.get("/"), LONG))) {
            stub.close();
            assertEquals(Map.of(LoadProblem.REFUSED, 1L), generator.run(ONCE, interval -> { }).counts().problems());
        }
    }

    @Test
    void resetIsCounted() throws Exception {
        try (var stub = new Stub((caller, n) -> {
            caller.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi");
            caller.reset();
            return false;
        })) {
            assertEquals(Map.of(LoadProblem.RESET, 1L), run(stub, 1, false, Request.get("/"), LONG, ONCE).counts().problems());
        }
    }

    @Test
    void timeoutIsCounted() throws Exception {
        var over = new CountDownLatch(1);
        try (var stub = new Stub((caller, n) -> {
            over.await();
            return false;
        })) {
            Measurement measured = run(stub, 1, false, Request.get("/"), Duration.ofMillis(50),
                    new Phase("open", new Load.Open(100), Duration.ofMillis(100)));
            assertEquals(Map.of(LoadProblem.TIMEOUT, 10L), measured.counts().problems(), "also those that never left");
            assertEquals(0, measured.response().getTotalCount());
        } finally {
            over.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"})
    void truncatedAnswerIsCounted(String answer) throws Exception {
        try (var stub = new Stub((caller, n) -> {
            caller.send(answer);
            return false;
        })) {
            assertEquals(Map.of(LoadProblem.SHORT, 1L), run(stub, 1, false, Request.get("/"), LONG, ONCE).counts().problems());
        }
    }

    @Test
    void wrongStatusIsCounted() throws Exception {
        try (var stub = Stub.answering("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")) {
            Measurement measured = run(stub, 2, false, Request.get("/"), LONG, ONCE);
            assertEquals(Map.of(LoadProblem.WRONG_STATUS, 2L), measured.counts().problems());
            assertEquals(0, measured.counts().answered());
        }
    }

    @Test
    void wrongLengthIsCounted() throws Exception {
        try (var stub = Stub.answering(HI)) {
            assertEquals(Map.of(LoadProblem.WRONG_LENGTH, 1L),
                    run(stub, 1, false, withLength(3), LONG, ONCE).counts().problems());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"220 ready\r\n", HI + "more"})
    void malformedAnswerIsCounted(String answer) throws Exception {
        try (var stub = Stub.answering(answer)) {
            assertEquals(Map.of(LoadProblem.MALFORMED, 1L),
                    run(stub, 1, false, Request.get("/"), LONG, ONCE).counts().problems());
        }
    }

    @Test
    void serverThatEndsEndsThePhaseAndKeepsTheResults() throws Exception {
        var stub = Stub.answering(HI);
        String refused = "every connection to " + stub.url() + " was refused for the last 3 intervals";
        try (var generator = new Generator(setup(stub, 2, false, Request.get("/"), LONG), Duration.ofMillis(30))) {
            Measurement measured = generator.run(new Phase("open", new Load.Open(300), Duration.ofMinutes(5)), interval -> {
                if (interval.counts().answered() > 0) {
                    stub.close();
                }
            });
            assertEquals(refused, measured.span().cutShort());
            assertTrue(measured.counts().answered() > 0);
            assertTrue(measured.span().measured().toSeconds() < 300);
        }
    }

    @Test
    void stopEndsThePhaseAtOnce() throws Exception {
        try (var stub = Stub.answering(HI);
             var generator = new Generator(setup(stub, 1, false, Request.get("/"), LONG), Duration.ofMillis(10))) {
            var phase = new Phase("long", new Load.Closed(), Duration.ofHours(1));
            Measurement measured = generator.run(phase, interval -> {
                if (interval.counts().answered() > 0) {
                    generator.stop();
                }
            });
            assertEquals("stopped", measured.span().cutShort());
            assertTrue(measured.rate() > 0);
        }
    }

    @Test
    void missingServerIsReportedInOneLine() throws Exception {
        var stub = Stub.answering(HI);
        Setup setup = setup(stub, 1, false, Request.get("/"), LONG);
        stub.close();
        assertEquals("cannot connect to " + setup.destination() + ": Connection refused",
                assertThrows(UserError.class, () -> new Generator(setup)).getMessage());
    }

    private static Request withLength(long bytes) {
        return Request.get("/").withExpect(Expectation.SUCCESS.withLength(bytes));
    }

    private static Measurement run(Stub stub, int connections, boolean close, Request request, Duration timeout, Phase phase)
            throws Exception {
        try (var generator = new Generator(setup(stub, connections, close, request, timeout))) {
            return generator.run(phase, interval -> { });
        }
    }

    private static Setup setup(Stub stub, int connections, boolean close, Request request, Duration timeout) throws Exception {
        return new Setup(stub.destination(), Mix.of(request), connections, Math.min(connections, 2), 0, close, false, timeout);
    }
}
