package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import java.util.List;

/// One directive of the rewrite module, compiled (`rewrite`, `if`, `set`, `break`, `return`).
///
/// Those of a site or of a location run in their order. Runs on the connection's thread and may wait there.
@FunctionalInterface
public interface Rewrite {

    /// Gets the location whose settings hold from here on.
    @FunctionalInterface
    interface Entry {
        void enter(Location settings);
    }

    /// @return [FilterResult#STOP] to leave out the directives that follow
    FilterResult run(Exchange exchange, Entry entry) throws Failure;

    /// Runs several, up to the first that does not continue.
    static FilterResult runAll(List<Rewrite> rewrites, Exchange exchange, Entry entry) throws Failure {
        for (int i = 0; i < rewrites.size(); i++) {
            FilterResult result = rewrites.get(i).run(exchange, entry);
            if (result != FilterResult.CONTINUE) {
                return result;
            }
        }
        return FilterResult.CONTINUE;
    }
}
