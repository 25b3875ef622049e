package io.selvage.server.net.helidon;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class StartBoundTest {
    private static final int MOST = 4;

    private static void begin(StartBound bound, int count) {
        for (int i = 0; i < count; i++) {
            bound.begin();
        }
    }

    @Test
    void nextConnectionWaitsUntilHalfOfTheOthersHaveStarted() throws InterruptedException {
        var bound = new StartBound(MOST, Duration.ofHours(1).toNanos());
        begin(bound, MOST);
        Thread accepting = Thread.ofPlatform().start(bound::begin);
        awaitWaiting(accepting);
        bound.started();
        awaitWaiting(accepting);
        assertEquals(MOST - 1, bound.count());
        bound.started();
        accepting.join();
        assertEquals(MOST / 2 + 1, bound.count());
    }

    @Test
    void connectionsThatDoNotStartInTimeCountNoLonger() {
        var bound = new StartBound(MOST, 1);
        begin(bound, MOST + 1);
        assertEquals(1, bound.count());
    }

    @Test
    void lateStartsDoNotMakeTheBoundHigher() {
        var bound = new StartBound(MOST, 1);
        begin(bound, MOST + 1);
        for (int i = 0; i <= MOST; i++) {
            bound.started();
        }
        assertEquals(0, bound.count());
    }

    @Test
    void endOfTheListenerEndsTheWait() throws InterruptedException {
        var bound = new StartBound(MOST, Duration.ofHours(1).toNanos());
        begin(bound, MOST);
        Thread accepting = Thread.ofPlatform().start(bound::begin);
        awaitWaiting(accepting);
        accepting.interrupt();
        accepting.join();
        assertTrue(bound.count() > MOST);
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive());
            Thread.onSpinWait();
        }
    }
}
