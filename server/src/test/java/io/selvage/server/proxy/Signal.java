package io.selvage.server.proxy;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// One thing after the other across threads: each [#await] takes one [#give].
public final class Signal {
    private final Semaphore given = new Semaphore(0);

    public void give() {
        given.release();
    }

    public void await() throws InterruptedException {
        if (!given.tryAcquire(50, TimeUnit.SECONDS)) {
            throw new AssertionError("the signal was never given");
        }
    }
}
