package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import java.util.function.LongSupplier;

/// Counts the exchanges of a location in a latency file (`latency_log`).
///
/// @param file the latency file
/// @param location its name there
/// @param number of that name in the file
/// @param nanos [System#nanoTime()]
public record LatencyLog(LatencyFile file, String location, int number, LongSupplier nanos) implements ExchangeLog {

    public LatencyLog(LatencyFile file, String location, LongSupplier nanos) {
        this(file, location, file.location(location), nanos);
    }

    @Override
    public String describe(Exchange exchange) {
        return "latency log, as " + location;
    }

    @Override
    public void log(Exchange exchange) {
        long wholeNanos = nanos.getAsLong() - exchange.startedNanos();
        if (exchange.upstream().attempts().isEmpty()) {
            file.add(number, wholeNanos);
        } else {
            file.add(new RequestTiming(location, wholeNanos, exchange.upstream().attempts()));
        }
    }
}
