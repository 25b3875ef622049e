package io.selvage.server.module;

import io.selvage.server.http.Authority;
import io.selvage.server.http.BasicCredentials;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import io.selvage.server.http.WritableVariable;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Variables of the request, its site and its location.
final class RequestValues {
    private RequestValues() {
    }

    static Map<String, Variable> all() {
        return Map.ofEntries(
                Map.entry("request", e -> Optional.of(e.request().requestLine())),
                Map.entry("request_method", e -> filled(e.main().routing().method().name())),
                Map.entry("request_uri", e -> filled(e.request().target().raw())),
                Map.entry("server_protocol", e -> Optional.of(e.request().version().toString())),
                Map.entry("request_length", e -> Optional.of(Long.toString(e.request().size() + e.body().received()))),
                Map.entry("request_body", e -> e.body().text()),
                Map.entry("request_body_file", e -> e.body().file()),
                Map.entry("request_id", RequestValues::requestId),
                Map.entry("uri", e -> Optional.of(e.routing().path())),
                Map.entry("document_uri", e -> Optional.of(e.routing().path())),
                Map.entry("args", new Args()),
                Map.entry("query_string", RequestValues::query),
                Map.entry("is_args", e -> Optional.of(e.routing().query().isEmpty() ? "" : "?")),
                Map.entry("content_type", e -> e.headers().first("Content-Type")),
                Map.entry("content_length", e -> e.headers().first("Content-Length")),
                Map.entry("host", e -> Optional.of(e.routing().authority().map(Authority::host).orElse(e.routing().siteName()))),
                Map.entry("request_port", e -> port(e).or(() -> Optional.of(""))),
                Map.entry("is_request_port", e -> Optional.of(port(e).isPresent() ? ":" : "")),
                Map.entry("remote_user", e -> BasicCredentials.of(e.headers()).map(BasicCredentials::user)),
                Map.entry("server_name", e -> Optional.of(e.routing().siteName())));
    }

    /// The value of an argument, not decoded; the name in either case.
    static Optional<String> argument(String query, String name) {
        for (int from = 0; from < query.length() && !name.isEmpty();) {
            int end = query.indexOf('&', from);
            int to = end < 0 ? query.length() : end;
            int value = from + name.length();
            if (value < to && query.charAt(value) == '=' && query.regionMatches(true, from, name, 0, name.length())) {
                return Optional.of(query.substring(value + 1, to));
            }
            from = to + 1;
        }
        return Optional.empty();
    }

    /// The query, which may be changed.
    private record Args() implements WritableVariable {
        @Override
        public Optional<String> of(Exchange exchange) {
            return query(exchange);
        }

        @Override
        public void set(Exchange exchange, String value) {
            exchange.routing().query(value);
        }
    }

    private static Optional<String> query(Exchange exchange) {
        return filled(exchange.routing().query());
    }

    /// The value, unless it is empty.
    static Optional<String> filled(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static Optional<String> port(Exchange exchange) {
        return exchange.routing().authority().map(Authority::port).filter(port -> port > 0).map(String::valueOf);
    }

    /// 16 random bytes in hexadecimal, the same for the whole exchange.
    private static Optional<String> requestId(Exchange exchange) {
        if (exchange.routing().variable("request_id").isEmpty()) {
            byte[] bytes = new byte[16];
            ThreadLocalRandom.current().nextBytes(bytes);
            exchange.routing().setVariable("request_id", HexFormat.of().formatHex(bytes));
        }
        return exchange.routing().variable("request_id");
    }
}
