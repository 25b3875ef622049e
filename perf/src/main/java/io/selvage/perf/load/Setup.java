package io.selvage.perf.load;

import io.selvage.perf.http.Destination;
import java.time.Duration;

/// Everything about a generator that stays the same from phase to phase.
///
/// @param connections how many connections are open at once, 1 or more
/// @param loops event loops, each a platform thread of its own; no more than connections
/// @param close a connection per request instead of kept-alive ones
/// @param timeout how long an exchange may take
public record Setup(Destination destination, Mix mix, int connections, int loops, boolean close, Duration timeout) {
    public Setup {
        if (connections < 1 || connections > 1_000_000) {
            throw new IllegalArgumentException("connections are 1 to 1,000,000, not " + connections);
        }
        if (loops < 1 || loops > connections) {
            throw new IllegalArgumentException("threads are 1 to the number of connections, not " + loops);
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.toHours() > 1) {
            throw new IllegalArgumentException("a timeout lies between nothing and an hour, not " + timeout);
        }
    }
}
