package io.selvage.server.net.helidon;

import io.selvage.server.engine.Carrier;
import io.selvage.server.engine.Carriers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class StartBoundTest {
    private static final int MOST = 4;

    private static Carrier carrier;

    @BeforeAll
    static void startCarrier() throws Exception {
        carrier = Carriers.start(1, _ -> { }).get(0);
    }

    private static void begin(StartBound bound, int count) {
        for (int i = 0; i < count; i++) {
            bound.begin();
        }
    }

    private static Thread accepting(StartBound bound) {
        Thread accepting = carrier.thread("accepting", bound::begin);
        accepting.start();
        return accepting;
    }

    /// A carrier runs its tasks in their order, so what ran before has waited or ended when this returns.
    private static void awaitWaiting(Thread accepting) throws InterruptedException {
        CountDownLatch behind = new CountDownLatch(1);
        carrier.execute(behind::countDown);
        behind.await();
        assertTrue(accepting.isAlive());
    }

    @Test
    void nextConnectionWaitsUntilHalfOfTheOthersHaveStarted() throws InterruptedException {
        var bound = new StartBound(MOST, Duration.ofHours(1).toNanos());
        begin(bound, MOST);
        Thread accepting = accepting(bound);
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
        Thread accepting = accepting(bound);
        awaitWaiting(accepting);
        accepting.interrupt();
        accepting.join();
        assertTrue(bound.count() > MOST);
    }
}
