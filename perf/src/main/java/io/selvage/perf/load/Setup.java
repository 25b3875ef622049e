package io.selvage.perf.load;

import io.selvage.perf.http.Destination;
import java.time.Duration;

/// The settings of a generator that are the same in all phases.
///
/// @param connections the number of open connections, 1 or more
/// @param loops event loops, each on its own platform thread; no more than connections
/// @param streams concurrent requests of each connection over HTTP/2; 0 for HTTP/1.1
/// @param close true for a connection per request instead of kept-alive connections
/// @param resume whether TLS connections resume the sessions of earlier ones; otherwise each makes a full handshake
/// @param timeout the maximum duration of an exchange
public record Setup(Destination destination, Mix mix, int connections, int loops, int streams, boolean close, boolean resume,
        Duration timeout) {
    public Setup {
        if (connections < 1 || connections > 1_000_000) {
            throw new IllegalArgumentException("connections must be between 1 and 1,000,000, not " + connections);
        }
        if (loops < 1 || loops > connections) {
            throw new IllegalArgumentException("threads must be between 1 and the number of connections, not " + loops);
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.toHours() > 1) {
            throw new IllegalArgumentException("a timeout must be above 0 and at most an hour, not " + timeout);
        }
    }
}
