package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.Objects;

/// How long and how often a connection to a peer is used again.
///
/// @param connections most idle ones over the whole upstream; 0 keeps none (`keepalive`)
/// @param timeout how long one may be idle (`keepalive_timeout`)
/// @param requests how many one may carry, 1 or more (`keepalive_requests`)
/// @param time how old one may be when it becomes idle (`keepalive_time`)
public record KeepAlive(int connections, Duration timeout, long requests, Duration time) {
    public KeepAlive {
        Objects.requireNonNull(timeout, "timeout");
        Objects.requireNonNull(time, "time");
        if (connections < 0 || requests < 1 || timeout.isNegative() || time.isNegative()) {
            throw new IllegalArgumentException("keepalive %d, timeout %s, requests %d, time %s"
                    .formatted(connections, timeout, requests, time));
        }
    }

    /// `connections` idle ones, each with the defaults of nginx: idle for 60 s, 1,000 requests, one hour.
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
