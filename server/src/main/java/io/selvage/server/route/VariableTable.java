package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import io.selvage.server.observe.LogTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The variables that configuration may name without declaring them: nginx's own, and the captures `$1` to `$9`. Immutable.
public final class VariableTable {
    private static final Map<String, Function<String, Variable>> FAMILIES = Map.of(
            "arg_", name -> exchange -> RequestValues.argument(exchange.routing().query(), name),
            "http_", name -> exchange -> FieldValues.joined(exchange.headers(), name),
            "cookie_", name -> exchange -> FieldValues.cookie(exchange.headers(), name),
            "sent_http_", name -> exchange -> exchange.outcome().head().flatMap(h -> FieldValues.joined(h.headers(), name)),
            "sent_trailer_", _ -> _ -> Optional.empty(),       // no trailer fields are sent
            "upstream_trailer_", _ -> _ -> Optional.empty(),
            "upstream_http_", name -> exchange ->
                    exchange.upstream().peerHead().flatMap(h -> FieldValues.joined(h.headers(), name)),
            "upstream_cookie_", name -> exchange ->
                    exchange.upstream().peerHead().flatMap(h -> FieldValues.setCookie(h.headers(), name)));

    private final Map<String, Variable> named;

    private VariableTable(Map<String, Variable> named) {
        this.named = Map.copyOf(named);
    }

    /// @param time for `$msec` and its like
    /// @param nanos [System#nanoTime()], for spans
    /// @param hostname of the machine; `$hostname`
    /// @param version that `$nginx_version` tells
    public static VariableTable of(LogTime time, LongSupplier nanos, String hostname, String version) {
        Map<String, Variable> all = new HashMap<>();
        all.putAll(RequestValues.all());
        all.putAll(ConnectionValues.all(nanos));
        all.putAll(OutcomeValues.all(time, nanos));
        all.putAll(UpstreamValues.all());
        all.put("hostname", _ -> Optional.of(hostname));
        all.put("nginx_version", _ -> Optional.of(version));
        return new VariableTable(all);
    }

    /// The variable of this name, given without its dollar sign.
    public Optional<Variable> find(String name) {
        Variable exact = named.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        if (name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9') {
            int group = name.charAt(0) - '0';
            return Optional.of(exchange -> capture(exchange, group));
        }
        for (var family : FAMILIES.entrySet()) {
            if (name.startsWith(family.getKey())) {
                return Optional.of(family.getValue().apply(name.substring(family.getKey().length())));
            }
        }
        return Optional.empty();
    }

    public boolean known(String name) {
        return find(name).isPresent();
    }

    private static Optional<String> capture(Exchange exchange, int group) {
        List<String> captures = exchange.routing().captures();
        return group < captures.size() ? Optional.of(captures.get(group)) : Optional.empty();
    }
}
