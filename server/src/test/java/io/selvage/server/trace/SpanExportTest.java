package io.selvage.server.trace;

import io.selvage.server.http.Headers;
import io.selvage.server.trace.ExportOptions.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Queue, batches, retries and reports, with receivers that do what the test says.
@Timeout(60)
class SpanExportTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(10);

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<SendResult> answers = new LinkedBlockingQueue<>();

    /// Writes down what happens to it, and answers when the test says so.
    private final class Receiver implements SpanReceiver {
        private final String name;

        Receiver(ExportOptions options) {
            this.name = options.address().toString();
        }

        @Override
        public SendResult send(List<FinishedSpan> spans) {
            events.add(name + " " + String.join("", spans.stream().map(FinishedSpan::name).toList()));
            try {
                return answers.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            events.add(name + " closed");
        }
    }

    private SpanExport export() {
        return new SpanExport(Receiver::new, (severity, message) -> events.add(severity + ": " + message));
    }

    private static Optional<ExportOptions> to(String host, Duration interval, int size, int count) {
        return Optional.of(new ExportOptions(new ReceiverAddress.Grpc(host, 1, false), Optional.empty(), Headers.EMPTY,
                new Pace(interval, size, count), List.of(), "1"));
    }

    private static List<FinishedSpan> spans(String... names) {
        List<FinishedSpan> spans = new ArrayList<>();
        for (String name : names) {
            spans.add(new FinishedSpan(new FinishedSpan.Ids(TraceId.random(), 1, 0, false, ""), FinishedSpan.Kind.SERVER, name,
                    new FinishedSpan.Time(1, 2), List.of(), List.of(), false));
        }
        return spans;
    }

    private String event() throws InterruptedException {
        String event = events.poll(50, TimeUnit.SECONDS);
        return event == null ? "nothing" : event;
    }

    @Test
    void aFullBatchIsExportedBeforeTheIntervalIsOver() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", LONG, 2, 4));
            export.offer(spans("1"));
            export.offer(spans("2"));
            assertEquals("a:1 12", event());
            answers.add(SendResult.TAKEN);
        }
        assertEquals("a:1 closed", event());
    }

    @Test
    void whatAReceiverObjectsToIsReportedAndCounted() throws InterruptedException {
        SpanExport export = export();
        try (export) {
            export.use(to("a", LONG, 2, 9));
            answers.add(new SendResult.Taken(Optional.of(new PartialSuccess(1, "span too long"))));
            export.offer(spans("1", "2"));
            assertEquals("a:1 12", event());
            assertEquals("warn: the receiver of spans \"a:1\" has rejected 1 span: span too long", event());
            answers.add(new SendResult.Taken(Optional.of(new PartialSuccess(7, ""))));
            export.offer(spans("3", "4"));
            assertEquals("a:1 34", event());
            answers.add(SendResult.TAKEN);
            export.offer(spans("5", "6"));
            assertEquals("a:1 56", event());
        }
        assertEquals("a:1 closed", event());
        assertEquals(new SpanExport.Counts(3, 3, 0), export.counts());
    }

    @Test
    void whatWaitsIsExportedAtTheEndOfTheInterval() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", SHORT, 100, 4));
            export.offer(spans("1", "2"));
            assertEquals("a:1 12", event());
            answers.add(SendResult.TAKEN);
            export.offer(spans("3"));
            assertEquals("a:1 3", event());
            answers.add(SendResult.TAKEN);
        }
    }

    @Test
    void whatWaitsIsExportedAtTheStop() throws InterruptedException {
        answers.add(SendResult.TAKEN);
        try (SpanExport export = export()) {
            export.use(to("a", LONG, 100, 4));
            export.offer(spans("1"));
        }
        assertEquals("a:1 1", event());
        assertEquals("a:1 closed", event());
    }

    @Test
    void aBatchHasTheConfiguredSizeAndSpansOfOneExchangeStayTogether() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", SHORT, 3, 100));
            export.offer(spans("0"));
            assertEquals("a:1 0", event());                // the receiver does not answer yet
            export.offer(spans("1"));
            export.offer(spans("2"));
            export.offer(spans("3", "4", "5", "6"));
            export.offer(spans("7", "8"));
            export.offer(spans("9"));
            for (String batch : List.of("12", "3456", "789")) {
                answers.add(SendResult.TAKEN);
                assertEquals("a:1 " + batch, event());
            }
            answers.add(SendResult.TAKEN);
        }
    }

    @Test
    void spansBeyondTheBoundAreDroppedAndCounted() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", SHORT, 2, 2));
            export.offer(spans("1"));
            assertEquals("a:1 1", event());                // the receiver does not answer yet
            export.offer(spans("2", "3"));
            export.offer(spans("4", "5"));
            export.offer(spans("6"));
            assertEquals(new SpanExport.Counts(0, 1, 4), export.counts());
            for (int i = 0; i < 3; i++) {
                answers.add(SendResult.TAKEN);
            }
            assertEquals("a:1 23", event());
            assertEquals("a:1 45", event());
            assertEquals("warn: spans for \"a:1\" were dropped (1): more than 4 were waiting", event());
            assertEquals(new SpanExport.Counts(5, 1, 0), export.counts());
        }
    }

    @Test
    void aReceiverThatFailsIsReportedOnceAndGetsTheSameSpansAgain() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", SHORT, 2, 2));
            export.offer(spans("1"));
            assertEquals("a:1 1", event());
            answers.add(new SendResult.Later("away"));
            assertEquals("warn: spans cannot be exported to \"a:1\": away; at most 4 are kept for later", event());
            export.offer(spans("2", "3"));
            export.offer(spans("4", "5"));
            export.offer(spans("6", "7"));
            assertEquals("a:1 1", event());
            answers.add(new SendResult.Later("still away"));
            assertEquals("a:1 1", event());
            answers.add(SendResult.TAKEN);
            assertEquals("notice: spans are exported to \"a:1\" again; 2 were dropped until now", event());
            assertEquals("a:1 23", event());
            answers.add(SendResult.TAKEN);
            assertEquals("a:1 45", event());
            answers.add(SendResult.TAKEN);
        }
        assertEquals("a:1 closed", event());
    }

    @Test
    void spansThatAReceiverRefusesAreDropped() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", SHORT, 2, 2));
            export.offer(spans("1", "2"));
            assertEquals("a:1 12", event());
            answers.add(new SendResult.Refused("status 400"));
            assertEquals("warn: spans cannot be exported to \"a:1\": status 400; they are dropped", event());
            export.offer(spans("3"));
            assertEquals("a:1 3", event());
            answers.add(SendResult.TAKEN);
            assertEquals("notice: spans are exported to \"a:1\" again; 0 were dropped until now", event());
            assertEquals(new SpanExport.Counts(1, 2, 0), export.counts());
        }
    }

    @Test
    void anotherReceiverGetsWhatTheFirstOneDidNotTake() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", SHORT, 2, 4));
            export.offer(spans("1"));
            assertEquals("a:1 1", event());
            export.offer(spans("2"));
            export.use(to("b", SHORT, 2, 4));
            answers.add(new SendResult.Later("away"));
            assertEquals("warn: spans cannot be exported to \"a:1\": away; at most 8 are kept for later", event());
            assertEquals("a:1 closed", event());
            assertEquals("b:1 1", event());
            answers.add(SendResult.TAKEN);
            assertEquals("b:1 2", event());
            answers.add(SendResult.TAKEN);
        }
    }

    @Test
    void aReceiverThatIsNotReplacedGetsWhatWaits() throws InterruptedException {
        try (SpanExport export = export()) {
            export.use(to("a", LONG, 10, 4));
            export.offer(spans("1"));
            export.use(Optional.empty());
            assertEquals("a:1 1", event());
            answers.add(SendResult.TAKEN);
            assertEquals("a:1 closed", event());
            export.offer(spans("2"));
            assertEquals(new SpanExport.Counts(1, 1, 0), export.counts());
        }
    }

    @Test
    void withoutAReceiverNothingRuns() {
        try (SpanExport export = export()) {
            export.use(Optional.empty());
            export.offer(spans("1"));
            assertEquals(new SpanExport.Counts(0, 1, 0), export.counts());
        }
        assertEquals(0, events.size());
    }
}
