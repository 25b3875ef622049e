package io.selvage.server.engine;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Two carriers, which all tests of the engine share. No test may lose a wake-up.
@Timeout(60)
abstract class CarrierFixture {
    static final BlockingQueue<String> WARNINGS = new LinkedBlockingQueue<>();
    static final Carriers CARRIERS = carriers();

    final Carrier carrier = CARRIERS.get(0);
    final Carrier other = CARRIERS.get(1);

    private static Carriers carriers() {
        try {
            return Carriers.start(2, WARNINGS::add);
        } catch (EngineMissing e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void forgetWarnings() {
        WARNINGS.clear();
    }

    @AfterEach
    void assertNoLostWakeups() {
        assertEquals(0, CARRIERS.snapshot().lostWakeups());
    }

    static long in(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    static <T> FutureTask<T> start(Carrier where, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        where.thread("test", task).start();
        return task;
    }

    static String awaitWarning(String part) throws InterruptedException {
        String warning = WARNINGS.take();
        while (!warning.contains(part)) {
            warning = WARNINGS.take();
        }
        return warning;
    }

    final <T> T run(Callable<T> call) throws Exception {
        return start(carrier, call).get();
    }
}
