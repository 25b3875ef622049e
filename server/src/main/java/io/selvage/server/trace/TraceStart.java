package io.selvage.server.trace;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.route.RequestFilter;
import io.selvage.server.route.Rewrite;

/// Starts the trace of an exchange that comes to a location: the first step there, so that an answer of `return` has a span too.
/// Does nothing for subrequests, which belong to the trace of their exchange.
public record TraceStart(TraceOptions options) implements Rewrite, RequestFilter {

    @Override
    public FilterResult run(Exchange exchange, Entry entry) {
        return filter(exchange);
    }

    /// An exchange that is only explained has no span.
    @Override
    public FilterResult filter(Exchange exchange) {
        if (!exchange.isSubrequest()) {
            ExchangeTrace trace = ExchangeTrace.of(exchange);
            if (trace.decide(exchange, options) && Explanation.of(exchange).isEmpty()) {
                exchange.whenDone(ended -> options.spans().offer(ExchangeSpan.of(ended, trace, options)));
            }
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        into.add("filter", "trace", describe(exchange));
        return filter(exchange);
    }

    @Override
    public String describe(Exchange exchange) {
        return options.recorded().map(text -> "otel_trace " + Explanation.written(text)).orElse("otel_trace_context");
    }
}
