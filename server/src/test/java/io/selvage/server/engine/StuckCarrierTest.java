package io.selvage.server.engine;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Threads that hold their carrier. H and a number refer to the hazards in server/engine.md.
class StuckCarrierTest extends CarrierFixture {
    /// H8.
    @Test
    void threadThatHoldsItsCarrierBlocksNoOtherAndIsReported() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Pinning.waits = () -> {
            started.countDown();
            return enough.await(50, TimeUnit.SECONDS);
        };
        FutureTask<Boolean> holding = start(carrier, () -> Pinning.Held.ENOUGH);
        try {
            started.await();
            assertEquals("served", start(other, () -> "served").get());
            String report = awaitWarning("stuck");
            assertTrue(report.startsWith("selvage-carrier-0 has been stuck for") && report.contains("Pinning.waited("), report);
            for (int i = 0; i < 10; i++) {
                assertEquals(other, CARRIERS.leastBusy());
            }
            assertTrue(CARRIERS.snapshot().carriers().get(0).stalls().stuck());
        } finally {
            enough.countDown();
        }
        assertTrue(holding.get());
        awaitCheckThatSeesProgress();
        assertFalse(CARRIERS.snapshot().carriers().get(0).stalls().stuck());
        assertTrue(CARRIERS.snapshot().carriers().get(0).stalls().longestNanos() >= 200_000_000);
    }

    /// A check of the watchdog ends with a report of failed tasks. The one that reports the second failure began after the first.
    private void awaitCheckThatSeesProgress() throws InterruptedException {
        for (String failure : List.of("first on purpose", "second on purpose")) {
            carrier.execute(() -> {
                throw new IllegalStateException(failure);
            });
            awaitWarning(failure);
        }
    }

    /// H2: a class initialiser pins the thread that waits in it, and with it the carrier that would wake it.
    @Test
    void threadPinnedInAClassInitialiserIsWoken() throws Exception {
        try (Pair pair = Pair.open()) {
            Pinning.waits = () -> carrier.register(pair.near()).awaitReadable(in(50_000));
            FutureTask<Boolean> initialised = start(carrier, () -> Pinning.Initialised.READABLE);
            pair.send(1);
            assertTrue(initialised.get());
        }
        try (Pair pair = Pair.open()) {
            Pinning.waits = () -> carrier.register(pair.near()).awaitReadable(in(400));
            assertFalse(run(() -> Pinning.TimedOut.READABLE));
        }
    }

    private static final class Pinning {
        private static Callable<Boolean> waits = () -> false;

        private static boolean waited() {
            try {
                return waits.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static final class Held {
            private static final boolean ENOUGH = waited();
        }

        private static final class Initialised {
            private static final boolean READABLE = waited();
        }

        private static final class TimedOut {
            private static final boolean READABLE = waited();
        }
    }
}
