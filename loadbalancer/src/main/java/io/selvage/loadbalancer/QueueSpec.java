package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.Objects;

/// The bounds of the queue of an upstream: nginx's `queue`.
///
/// @param length maximum number of requests that wait at a time, 1 or more
/// @param timeout maximum time that one request waits, more than zero
public record QueueSpec(int length, Duration timeout) {
    public QueueSpec {
        Objects.requireNonNull(timeout, "timeout");
        if (length < 1 || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("queue %d timeout=%s".formatted(length, timeout));
        }
    }
}
