package io.selvage.server.http1;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The clocks of the machine, and the sleep of a thread, so that tests can replace them.
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

    /// Lets the calling thread sleep.
    ///
    /// @param over ends the sleep early, if it is true when the thread is unparked
    /// @throws InterruptedException if the thread was interrupted; its flag is clear then
    void sleep(long nanos, BooleanSupplier over) throws InterruptedException;
}
