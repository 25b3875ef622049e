package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FilterResult;
import java.util.Set;
import java.util.TreeSet;

/// Applies other settings to all methods but some (`limit_except`). The rewrite directives of the location do not run for them.
///
/// @param methods to which the settings of the location apply
/// @param others the block as a location, for all other methods
public record LimitExcept(Set<String> methods, Location others) implements Rewrite {
    public LimitExcept {
        methods = Set.copyOf(methods);
    }

    @Override
    public FilterResult run(Exchange exchange, Entry entry) {
        if (methods.contains(exchange.routing().method().name())) {
            return FilterResult.CONTINUE;
        }
        entry.enter(others);
        return FilterResult.STOP;
    }

    @Override
    public String describe(Exchange exchange) {
        return "limit_except " + String.join(" ", new TreeSet<>(methods));
    }
}
