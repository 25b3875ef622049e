package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;

/// Redirects the client if an expression is found in the path (`rewrite` with `redirect`, `permanent` or a URL).
///
/// @param status 301 or 302
/// @param log where matches and redirects are reported (`rewrite_log`)
public record RewriteRedirect(Regex regex, Replacement replacement, Status status, ErrorLog log) implements Rewrite {

    @Override
    public FilterResult run(Exchange exchange, Entry entry) {
        if (!RewritePath.matches(regex, exchange, log)) {
            return FilterResult.CONTINUE;
        }
        String target = replacement.redirect(exchange);
        if (log != ErrorLog.SILENT) {
            log.log(Severity.NOTICE, exchange, "rewritten redirect: \"" + target + "\"");
        }
        return new Answer.StatusOnly(status, Headers.of("Location", target));
    }

    @Override
    public String describe(Exchange exchange) {
        return "rewrite " + regex.source() + " " + Explanation.written(replacement.written())
                + (status.equals(Status.MOVED_PERMANENTLY) ? " permanent" : " redirect");
    }
}
