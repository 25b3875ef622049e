package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import java.util.List;
import java.util.Optional;

/// Runs rewrite directives under a condition (`if`). In a location, the block is a location of its own without a path: where the
/// condition holds, its settings replace those of the location, and those of an `if` that matched before.
///
/// @param inside the rewrite directives of the block
/// @param settings the block as a location; empty in a site, where it has no settings
public record If(Condition condition, List<Rewrite> inside, Optional<Location> settings) implements Rewrite {
    public If {
        inside = List.copyOf(inside);
    }

    @Override
    public FilterResult run(Exchange exchange, Entry entry) throws Failure {
        if (!entry.holds(condition, exchange)) {
            return FilterResult.CONTINUE;
        }
        if (settings.isPresent()) {
            entry.enter(settings.get());
        }
        return Rewrite.runAll(inside, exchange, entry);
    }

    @Override
    public String describe(Exchange exchange) {
        return "if " + condition.describe(exchange);
    }
}
