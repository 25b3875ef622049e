package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.Objects;

/// The limits for the reuse of connections to peers.
///
/// @param connections maximum number of idle connections in the whole upstream; 0 keeps none (`keepalive`)
/// @param timeout maximum idle time (`keepalive_timeout`)
/// @param requests maximum number of requests on a connection, 1 or more (`keepalive_requests`)
/// @param time maximum age of a connection that becomes idle (`keepalive_time`)
public record KeepAlive(int connections, Duration timeout, long requests, Duration time) {
    public KeepAlive {
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(time, "time");
        if (connections < 0 || requests < 1 || timeout.isNegative() || time.isNegative()) {
            throw new IllegalArgumentException("keepalive %d, timeout %s, requests %d, time %s"
                    .formatted(connections, timeout, requests, time));
        }
    }

    /// `connections` idle connections with the defaults of nginx: 60 s of idle time, 1,000 requests, one hour.
    public static KeepAlive of(int connections) {
        return new KeepAlive(connections, Duration.ofSeconds(60), 1000, Duration.ofHours(1));
    }

    public KeepAlive withTimeout(Duration timeout) {
        return new KeepAlive(connections, timeout, requests, time);
    }

    public KeepAlive withRequests(long requests) {
        return new KeepAlive(connections, timeout, requests, time);
    }

    public KeepAlive withTime(Duration time) {
        return new KeepAlive(connections, timeout, requests, time);
    }
}
