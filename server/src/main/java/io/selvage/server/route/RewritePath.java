package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Regex;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import java.util.List;

/// Replaces path and query if an expression is found in the path (`rewrite`).
///
/// @param then what happens after a replacement
/// @param log where matches and replacements are reported (`rewrite_log`)
public record RewritePath(Regex regex, Replacement replacement, Then then, ErrorLog log) implements Rewrite {

    /// What happens after a replacement.
    public enum Then {
        /// The next directive runs; at the end the location is looked for again.
        NEXT,
        /// The location is looked for again.
        LAST,
        /// The location stays.
        BREAK
    }

    @Override
    public FilterResult run(Exchange exchange, Entry entry) throws Failure {
        if (!matches(regex, exchange, log)) {
            return FilterResult.CONTINUE;
        }
        String path = replacement.path(exchange);
        String query = replacement.query(exchange);
        if (path.isEmpty()) {
            throw Failure.here(Failure.What.REFUSED, "the rewritten URI has a zero length");
        }
        exchange.routing().rewrite(path, query, then != Then.BREAK);
        if (log != ErrorLog.SILENT) {
            log.log(Severity.NOTICE, exchange, "rewritten data: \"" + path + "\", args: \"" + query + "\"");
        }
        return then == Then.NEXT ? FilterResult.CONTINUE : FilterResult.STOP;
    }

    @Override
    public String describe(Exchange exchange) {
        String flag = switch (then) {
            case NEXT -> "";
            case LAST -> " last";
            case BREAK -> " break";
        };
        return "rewrite " + regex.source() + " " + Explanation.written(replacement.written()) + flag;
    }

    /// Looks for the expression in the path. Without a match there are no captures.
    static boolean matches(Regex regex, Exchange exchange, ErrorLog log) {
        String path = exchange.routing().path();
        boolean found = regex.capture(path, exchange);
        if (!found) {
            exchange.routing().captures(List.of());
        }
        if (log != ErrorLog.SILENT) {
            log.log(Severity.NOTICE, exchange,
                    "\"" + regex.source() + "\" " + (found ? "matches" : "does not match") + " \"" + path + "\"");
        }
        return found;
    }
}
