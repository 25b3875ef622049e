package io.selvage.server.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class ThreadActivityTest {

    @Test
    void stateAndTimeFollowTheName() {
        String rest = " 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0 25 0 1234";

        assertEquals(new ThreadActivity(true, 1_500_000_000), ThreadActivity.parse("71 (selvage-carrier)) R" + rest));
        assertEquals(new ThreadActivity(false, 1_500_000_000), ThreadActivity.parse("71 (a (R 1) S) S" + rest));
        assertEquals(new ThreadActivity(false, 1_500_000_000), ThreadActivity.parse("71 () D" + rest));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void runningAndSleepingThreadsDiffer() throws Exception {
        var source = new AtomicReference<ThreadActivity.Source>();
        var worked = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        Thread worker = Thread.ofPlatform().start(() -> {
            ThreadActivity.Source own = ThreadActivity.ofCallingThread();
            while (own.now().orElseThrow().cpuNanos() == 0) {
                assertTrue(own.now().orElseThrow().runnable());
            }
            source.setPlain(own);
            worked.countDown();
            awaitUninterruptibly(over);
        });
        worked.await();
        ThreadActivity.Source seen = source.getPlain();
        while (seen.now().orElseThrow().runnable()) {
            Thread.onSpinWait();
        }
        assertTrue(seen.now().orElseThrow().cpuNanos() > 0);
        over.countDown();
        worker.join();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
