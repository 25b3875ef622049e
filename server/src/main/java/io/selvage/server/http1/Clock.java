package io.selvage.server.http1;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The time of day, a time that only grows, and a rest.
public interface Clock {
    Clock SYSTEM = new Clock() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public void sleep(long nanos, BooleanSupplier over) throws InterruptedException {
            long until = System.nanoTime() + nanos;
            long left = nanos;
            while (left > 0 && !over.getAsBoolean()) {
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                left = until - System.nanoTime();
            }
        }
    };

    /// As [System#nanoTime()].
    long nanos();

    /// Milliseconds since 1970.
    long millis();

    /// Rests the calling thread.
    ///
    /// @param over ends the rest early, if it is true when the thread is unparked
    void sleep(long nanos, BooleanSupplier over) throws InterruptedException;
}
