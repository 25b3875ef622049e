package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import java.util.Optional;

/// Counts the exchanges of a location in [Traffic].
///
/// @param location its name there
/// @param name that of the location in [LatencyKey]
/// @param number of the location there
record TrafficLog(Traffic traffic, TrafficLocation location, String name, int number) implements ExchangeLog {
    static TrafficLog of(Traffic traffic, TrafficLocation location, int number) {
        return new TrafficLog(traffic, location, location.name(), number);
    }

    @Override
    public void log(Exchange exchange) {
        if (exchange.isSubrequest()) {
            return;
        }
        long nanos = System.nanoTime() - exchange.startedNanos();
        Optional<Status> known = exchange.outcome().status();
        int status = known.isPresent() ? known.get().code() : 0;
        Optional<Sent> sent = exchange.outcome().sent();
        traffic.add(new TrafficStripe.Counted(this, status < 100 || status > 599 ? 0 : status / 100, nanos,
                exchange.request().size() + exchange.body().received(), sent.isPresent() ? sent.get().bytes() : 0,
                exchange.upstream().attempts()), () -> SlowRequests.request(exchange, location, status, nanos));
    }
}
