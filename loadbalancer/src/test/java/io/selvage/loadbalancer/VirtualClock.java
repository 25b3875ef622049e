package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.function.LongSupplier;

/// A clock that stands until it is moved. It starts just before it wraps, as `System.nanoTime()` may.
final class VirtualClock implements LongSupplier {
    private long nanos = Long.MAX_VALUE - 1;

    @Override
    public long getAsLong() {
        return nanos;
    }

    void forward(Duration by) {
        nanos += by.toNanos();
    }
}
