package io.selvage.server.trace;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.proxy.AttemptListener;
import io.selvage.server.proxy.ProxyTarget;
import java.util.Optional;

/// Gives each attempt at a peer a span of its own if the exchange is recorded, and tells the peer of the trace if the location
/// says so.
public record TracedAttempts(TraceOptions options) implements AttemptListener {

    @Override
    public void beforeAttempt(Exchange exchange, ProxyTarget target) {
        Optional<ExchangeTrace> known = ExchangeTrace.known(exchange);
        if (known.isEmpty()) {
            return;
        }
        ExchangeTrace trace = known.get();
        boolean spans = trace.isRecorded() && Explanation.of(exchange).isEmpty();
        long sender = spans ? attempts(exchange, trace).begin(exchange, target) : trace.span();
        if (options.injects()) {
            exchange.headers(trace.injectedInto(exchange.headers(), sender));
        }
    }

    private AttemptSpans attempts(Exchange exchange, ExchangeTrace trace) {
        return exchange.state(AttemptSpans.class, () -> {
            AttemptSpans attempts = new AttemptSpans();
            exchange.whenDone(ended -> options.spans().offer(attempts.finished(ended, trace)));
            return attempts;
        });
    }
}
