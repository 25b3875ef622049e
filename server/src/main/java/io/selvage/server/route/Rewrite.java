package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import java.util.List;

/// One directive of the rewrite module, compiled (`rewrite`, `if`, `set`, `break`, `return`).
///
/// Those of a site or of a location run in their order. Runs on the thread of the exchange and may wait there.
@FunctionalInterface
public interface Rewrite {

    /// Runs directives for the site or location that they belong to.
    @FunctionalInterface
    interface Entry {
        /// Gets the location whose settings hold from here on.
        void enter(Location settings);

        /// Whether the condition of an `if` holds.
        default boolean holds(Condition condition, Exchange exchange) {
            return condition.holds(exchange);
        }

        /// Runs one of several directives.
        default FilterResult run(Rewrite rewrite, Exchange exchange) throws Failure {
            return rewrite.run(exchange, this);
        }
    }

    /// The directive for people, with the values that it has for this exchange; empty for one that is not in the configuration.
    default String describe(Exchange exchange) {
        return "";
    }

    /// @return [FilterResult#STOP] to leave out the directives that follow
    FilterResult run(Exchange exchange, Entry entry) throws Failure;

    /// Runs several, up to the first that does not continue.
    static FilterResult runAll(List<Rewrite> rewrites, Exchange exchange, Entry entry) throws Failure {
        for (int i = 0; i < rewrites.size(); i++) {
            FilterResult result = entry.run(rewrites.get(i), exchange);
            if (result != FilterResult.CONTINUE) {
                return result;
            }
        }
        return FilterResult.CONTINUE;
    }
}
