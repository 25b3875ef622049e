package io.selvage.server.trace;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/// The trace of one exchange of a client and its subrequests: which one it is, and whether it is recorded. Made by the first
/// location that traces, or by the first use of a variable.
public final class ExchangeTrace {
    private final Optional<TraceParent> parent;
    private final String state;
    private final TraceId id;
    private final long span = TraceId.randomSpan();
    /// Whether it is recorded has been decided. This and what follows are written by the thread of the client's exchange, before
    /// other threads for subrequests start.
    private boolean decided;
    private boolean recorded;
    private long epochMinusNano;                           // the time since 1970 minus System.nanoTime(), once it is recorded

    private ExchangeTrace(Optional<TraceParent> parent, String state) {
        this.parent = parent;
        this.state = state;
        this.id = parent.map(TraceParent::trace).orElseGet(TraceId::random);
    }

    /// The trace of an exchange or of the one whose subrequest it is; a new one if there is none yet. The current location
    /// determines whether it goes on with the trace of the client.
    static ExchangeTrace of(Exchange exchange) {
        Exchange main = exchange.main();
        return main.state(ExchangeTrace.class, () -> begin(main));
    }

    private static ExchangeTrace begin(Exchange exchange) {
        boolean extracts = exchange.routing().values().get(TraceOptions.class).filter(TraceOptions::extracts).isPresent();
        Optional<TraceParent> parent = extracts ? TraceParent.parse(exchange.request().headers().all(TraceParent.FIELD))
                : Optional.empty();
        return new ExchangeTrace(parent,
                parent.isPresent() ? TraceState.joined(exchange.request().headers().all(TraceState.FIELD)) : "");
    }

    /// The trace of an exchange or of the one whose subrequest it is, if it has one.
    static Optional<ExchangeTrace> known(Exchange exchange) {
        return exchange.main().state(ExchangeTrace.class);
    }

    /// Decides whether the exchange is recorded, if its location says so and none before did.
    ///
    /// @return true if this call has decided that it is
    boolean decide(Exchange exchange, TraceOptions options) {
        if (decided || options.recorded().isEmpty()) {
            return false;
        }
        decided = true;
        String value = options.recorded().get().apply(exchange);
        recorded = value.equals("on") || value.equals("1");
        if (recorded) {
            Instant now = Instant.now();
            epochMinusNano = now.getEpochSecond() * 1_000_000_000 + now.getNano() - System.nanoTime();
        }
        return recorded;
    }

    boolean isRecorded() {
        return recorded;
    }

    /// The time since 1970 in nanoseconds, of a value of [System#nanoTime()]. All times of a trace have the same offset, so a
    /// change of the clock does not put them out of order.
    long epochNanos(long nanoTime) {
        return nanoTime + epochMinusNano;
    }

    /// The identifier of the span of the whole exchange.
    long span() {
        return span;
    }

    /// Where the span of the whole exchange belongs.
    FinishedSpan.Ids ids() {
        return new FinishedSpan.Ids(id, span, parent.map(TraceParent::span).orElse(0L), parent.isPresent(), state);
    }

    /// Where a span inside the one of the exchange belongs.
    FinishedSpan.Ids idsInside(long inner) {
        return new FinishedSpan.Ids(id, inner, span, false, state);
    }

    /// Fields with the context of this trace in the place of any other.
    ///
    /// @param sender the span that sends the request
    Headers injectedInto(Headers fields, long sender) {
        Headers.Builder changed = fields.without(TraceState.FIELD).toBuilder()
                .set(TraceParent.FIELD, new TraceParent(id, sender, recorded).toString());
        return (state.isEmpty() ? changed : changed.add(TraceState.FIELD, state)).build();
    }

    /// `$otel_trace_id`
    public static Optional<String> traceId(Exchange exchange) {
        return Optional.of(of(exchange).id.toString());
    }

    /// `$otel_span_id`
    public static Optional<String> spanId(Exchange exchange) {
        return Optional.of(hex(of(exchange).span));
    }

    /// `$otel_parent_id`; none for a trace that begins here.
    public static Optional<String> parentId(Exchange exchange) {
        return of(exchange).parent.map(sender -> hex(sender.span()));
    }

    /// `$otel_parent_sampled`
    public static Optional<String> parentSampled(Exchange exchange) {
        return Optional.of(of(exchange).parent.filter(TraceParent::sampled).isPresent() ? "1" : "0");
    }

    private static String hex(long span) {
        return HexFormat.of().toHexDigits(span);
    }
}
