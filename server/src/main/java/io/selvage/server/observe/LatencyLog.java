package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import java.util.function.LongSupplier;

/// Counts the exchanges of a location in a latency file (`latency_log`).
///
/// @param file the latency file
/// @param location its name there
/// @param nanos [System#nanoTime()]
public record LatencyLog(LatencyFile file, String location, LongSupplier nanos) implements ExchangeLog {
    @Override
    public String describe(Exchange exchange) {
        return "latency log, as " + location;
    }

    @Override
    public void log(Exchange exchange) {
        file.add(location, nanos.getAsLong() - exchange.startedNanos(), exchange.upstream().attempts());
    }
}
