package io.selvage.server.route;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import io.selvage.server.observe.LogTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Variables that tell of the attempts at peers: one value for each, joined by commas, and by colons where an internal
/// redirect lies between.
final class UpstreamValues {
    private UpstreamValues() {
    }

    static Map<String, Variable> all() {
        return Map.of(
                "upstream_addr", each(Attempt::peer),
                "upstream_status", each(attempt -> Integer.toString(attempt.status().code())),
                "upstream_connect_time", time(Attempt::connectNanos),
                "upstream_header_time", time(Attempt::headerNanos),
                "upstream_response_time", time(Attempt::totalNanos),
                "upstream_response_length", each(attempt -> Long.toString(attempt.responseLength())),
                "upstream_bytes_sent", each(attempt -> Long.toString(attempt.bytesSent())),
                "upstream_bytes_received", each(attempt -> Long.toString(attempt.bytesReceived())),
                "upstream_cache_status", _ -> Optional.empty());
    }

    private static Variable time(ToLongFunction<Attempt> nanos) {
        return each(attempt -> {
            long span = nanos.applyAsLong(attempt);
            return span < 0 ? "-" : LogTime.seconds(span / 1_000_000);
        });
    }

    private static Variable each(Function<Attempt, String> value) {
        return exchange -> joined(exchange, value);
    }

    private static Optional<String> joined(Exchange exchange, Function<Attempt, String> value) {
        List<Attempt> attempts = exchange.upstream().attempts();
        if (attempts.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder joined = new StringBuilder(value.apply(attempts.getFirst()));
        for (int i = 1; i < attempts.size(); i++) {
            joined.append(exchange.upstream().isAfterRedirect(i) ? " : " : ", ").append(value.apply(attempts.get(i)));
        }
        return Optional.of(joined.toString());
    }
}
