package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import java.util.List;
import java.util.Optional;

/// Counts the exchanges of a location in [Traffic].
///
/// @param location its name there
/// @param number of the location there
record TrafficLog(Traffic traffic, TrafficLocation location, int number) implements ExchangeLog {
    @Override
    public void log(Exchange exchange) {
        if (exchange.isSubrequest()) {
            return;
        }
        long nanos = System.nanoTime() - exchange.startedNanos();
        int status = exchange.outcome().status().map(Status::code).orElse(0);
        Optional<Sent> sent = exchange.outcome().sent();
        long sentBytes = sent.isPresent() ? sent.get().bytes() : 0;
        long received = exchange.request().size() + exchange.body().received();
        List<Attempt> attempts = exchange.upstream().attempts();
        int kind = Traffic.kind(number, status < 100 || status > 599 ? 0 : status / 100);
        boolean slow = traffic.isSlow(nanos) && (attempts.isEmpty() || !RequestTiming.isTunnel(attempts.getLast()));
        if (slow || !fits(kind, nanos, received, sentBytes, attempts)) {
            traffic.add(new Traffic.CountedExchange(kind, new RequestTiming(location.name(), nanos, attempts), received,
                    sentBytes,
                    slow ? SlowRequests.request(exchange, location, status, nanos) : null));
        }
    }

    /// Counts an exchange as numbers, if it fits into them.
    private boolean fits(int kind, long nanos, long received, long sent, List<Attempt> attempts) {
        if (attempts.size() > 1 || !Traffic.fit(received, sent)) {
            return false;
        }
        if (attempts.isEmpty()) {
            traffic.add(kind, nanos, received, sent);
            return true;
        }
        return traffic.add(kind, nanos, received, sent, attempts.getFirst());
    }
}
