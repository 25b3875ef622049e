package io.selvage.server.module;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import io.selvage.server.http.WritableVariable;
import io.selvage.server.observe.LogTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Variables of what is passed to peers. Those of attempts have one value for each, joined by commas, and by colons where an
/// internal redirect comes between.
final class UpstreamValues {
    private UpstreamValues() {
    }

    static Map<String, Variable> all() {
        return Map.ofEntries(
                Map.entry("upstream_addr", each(attempt -> attempt.peer().address())),
                Map.entry("upstream_status", each(attempt -> Integer.toString(attempt.status().code()))),
                Map.entry("upstream_queue_time", time(Attempt::waitedNanos)),
                Map.entry("upstream_connect_time", time(Attempt::connectNanos)),
                Map.entry("upstream_header_time", time(Attempt::headerNanos)),
                Map.entry("upstream_response_time", time(Attempt::totalNanos)),
                Map.entry("upstream_response_length", each(attempt -> Long.toString(attempt.traffic().body()))),
                Map.entry("upstream_bytes_sent", each(attempt -> Long.toString(attempt.traffic().sent()))),
                Map.entry("upstream_bytes_received", each(attempt -> Long.toString(attempt.traffic().received()))),
                Map.entry("upstream_cache_status", _ -> Optional.empty()),
                Map.entry("proxy_host", WritableVariable.of("proxy_host",
                        e -> e.upstream().target().map(UpstreamValues::asConfigured))),
                Map.entry("proxy_port", WritableVariable.of("proxy_port",
                        e -> e.upstream().target().map(to -> Integer.toString(to.port())))),
                Map.entry("fastcgi_script_name", e -> Optional.of(e.routing().scriptPath().script(e.routing().path()))),
                Map.entry("fastcgi_path_info", e -> Optional.of(e.routing().scriptPath().pathInfo(e.routing().path()))),
                Map.entry("proxy_add_x_forwarded_for", e -> Optional.of(forwarded(e))));
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

    /// With its port where that is not the usual one; a unix socket has none.
    private static String asConfigured(Authority to) {
        return to.port() <= 0 || to.port() == 80 ? to.host() : to.host() + ":" + to.port();
    }

    private static String forwarded(Exchange exchange) {
        String client = exchange.remoteHost();
        return FieldValues.joined(exchange.headers(), "x_forwarded_for").map(chain -> chain + ", " + client).orElse(client);
    }
}
