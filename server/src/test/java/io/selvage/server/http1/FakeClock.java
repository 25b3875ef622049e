package io.selvage.server.http1;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A clock that only [#pass] and sleeping move.
final class FakeClock implements Clock {
    private long nanos = 1_000_000_000_000L;
    private long slept;

    void pass(Duration time) {
        nanos += time.toNanos();
    }

    Duration slept() {
        return Duration.ofNanos(slept);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long millis() {
        return 784111777000L;
    }

    @Override
    public void sleep(long time, BooleanSupplier over) {
        if (over.getAsBoolean()) {
            return;
        }
        nanos += time;
        slept += time;
    }
}
