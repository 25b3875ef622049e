package io.selvage.server.module;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Variable;
import io.selvage.server.observe.LogTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Variables of the response and its duration.
final class OutcomeValues {
    private OutcomeValues() {
    }

    static Map<String, Variable> all(LongSupplier nanos) {
        return Map.of(
                "status", OutcomeValues::status,
                "bytes_sent", e -> Optional.of(Long.toString(e.outcome().sent().map(Sent::bytes).orElseGet(e.client()::sent))),
                "body_bytes_sent", e -> Optional.of(Long.toString(e.outcome().sent().map(Sent::bodyBytes).orElse(0L))),
                "request_completion", e -> Optional.of(e.outcome().sent().filter(Sent::complete).map(_ -> "OK").orElse("")),
                "request_time", e -> Optional.of(LogTime.seconds((nanos.getAsLong() - e.startedNanos()) / 1_000_000)));
    }

    /// The status in three digits; zeros until it is known.
    private static Optional<String> status(Exchange exchange) {
        return Optional.of(exchange.outcome().status().or(exchange.routing()::pageStatus)
                .map(status -> Integer.toString(status.code())).orElse("000"));
    }
}
