package io.selvage.server.http1;

import java.util.concurrent.TimeUnit;

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
        public void sleep(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    };

    /// As [System#nanoTime()].
    long nanos();

    /// Milliseconds since 1970.
    long millis();

    /// Rests the calling thread.
    void sleep(long nanos) throws InterruptedException;
}
