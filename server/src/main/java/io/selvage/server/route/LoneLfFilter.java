package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;

/// Refuses a request with 400 if a line of its head ends with LF alone (RFC 9112 §2.2).
///
/// For locations that pass requests to peers: a proxy in front of this server may have found other requests in the same bytes.
///
/// @param errors receives the reason
public record LoneLfFilter(ErrorLog errors) implements RequestFilter {

    @Override
    public FilterResult filter(Exchange exchange) {
        if (!exchange.request().loneLf()) {
            return FilterResult.CONTINUE;
        }
        errors.log(Severity.INFO, exchange, "client sent a line that ends with LF alone; \"pass_lone_lf on\" allows it");
        return new Answer.StatusOnly(Status.BAD_REQUEST);
    }

    /// Says something only about a request that it refuses.
    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        return filter(exchange);
    }
}
