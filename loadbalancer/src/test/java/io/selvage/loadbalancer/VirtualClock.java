package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.function.LongSupplier;

/// A clock that changes only when it is moved. It starts just before it overflows, as `System.nanoTime()` may.
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
