package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import java.util.function.LongSupplier;

/// Has what the exchanges of a location took counted in a file (`latency_log`).
///
/// @param file where it is counted
/// @param location its name there
/// @param nanos [System#nanoTime()]
public record LatencyLog(LatencyFile file, String location, LongSupplier nanos) implements ExchangeLog {

    @Override
    public void log(Exchange exchange) {
        file.add(new Took(location, nanos.getAsLong() - exchange.startedNanos(), exchange.attempts()));
    }
}
