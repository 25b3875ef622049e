package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import java.util.function.ToLongFunction;

/// Bounds how fast the answer is sent (`limit_rate`, `limit_rate_after`).
///
/// @param bytesPerSecond 0 for no bound
/// @param after bytes that are sent before the bound begins
public record LimitRate(ToLongFunction<Exchange> bytesPerSecond, ToLongFunction<Exchange> after) implements RequestFilter {

    @Override
    public FilterResult filter(Exchange exchange) {
        exchange.outcome().rate(bytesPerSecond.applyAsLong(exchange), after.applyAsLong(exchange));
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        long rate = bytesPerSecond.applyAsLong(exchange);
        if (rate > 0) {
            into.add("limit", "limit_rate", rate + " bytes a second, after the first " + after.applyAsLong(exchange));
        }
        return filter(exchange);
    }
}
