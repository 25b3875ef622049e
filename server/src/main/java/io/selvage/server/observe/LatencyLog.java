package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import java.util.List;
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
        List<Attempt> attempts = exchange.upstream().attempts();
        if (attempts.isEmpty()) {
            file.add(number, wholeNanos);
        } else if (attempts.size() > 1 || !file.add(number, wholeNanos, attempts.getFirst())) {
            file.add(new RequestTiming(location, wholeNanos, attempts));
        }
    }
}
