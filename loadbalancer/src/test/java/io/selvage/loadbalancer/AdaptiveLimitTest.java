package io.selvage.loadbalancer;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The limit of a simulated peer: a number of workers, each busy with one request at a time.
class AdaptiveLimitTest {
    private static final long MILLI = 1_000_000;
    private static final long SERVICE = 20 * MILLI;

    private long now;
    private final AdaptiveLimit limit = new AdaptiveLimit(0);

    /// Keeps the peer as busy as the limit allows: all its requests take the same time, which grows with those that wait inside.
    private void saturate(int workers, long millis) {
        saturate(workers, millis, Integer.MAX_VALUE);
    }

    private void saturate(int workers, long millis, int offered) {
        long end = now + millis * MILLI;
        while (now < end) {
            int inFlight = Math.min(offered, limit.at(now));
            long took = SERVICE * Math.max(workers, inFlight) / workers;
            now += took;
            for (int i = 0; i < inFlight; i++) {
                limit.began(inFlight);
                limit.responded(took, inFlight == 1, now);
            }
        }
    }

    @Test
    void peerStartsWithOneRequestAtATime() {
        assertEquals(1, limit.at(0));
        for (int i = 0; i < 9; i++) {
            limit.responded(SERVICE, true, i);
            assertEquals(1, limit.at(i));
        }
        limit.responded(SERVICE, true, 10);
        assertEquals(4, limit.at(10));
    }

    @Test
    void limitSettlesAboveTheNumberOfWorkers() {
        for (int workers : new int[] {1, 2, 4, 16, 64}) {
            AdaptiveLimitTest peer = new AdaptiveLimitTest();
            peer.saturate(workers, 30_000);
            int found = peer.limit.at(peer.now);
            assertTrue(found >= workers && found <= 2 * workers + 2, workers + " workers got the limit " + found);
        }
    }

    @Test
    void limitFollowsThePeer() {
        saturate(16, 20_000);
        int before = limit.at(now);
        saturate(4, 20_000);
        assertTrue(limit.at(now) <= 10 && before >= 16, before + " became " + limit.at(now));
        saturate(16, 20_000);
        assertTrue(limit.at(now) >= 16, () -> "came back to " + limit.at(now));
    }

    @Test
    void limitThatIsNotReachedDoesNotGrow() {
        saturate(16, 1_000);
        saturate(1000, 500, 2);
        int before = limit.at(now);
        saturate(1000, 20_000, 2);
        assertTrue(limit.at(now) <= before, () -> before + " became " + limit.at(now));
    }

    @Test
    void baselineIsMeasuredAgainEveryMinute() {
        saturate(4, 30_000);
        assertTrue(limit.at(now) > 1);
        while (limit.at(now) > 1) {
            assertTrue(now < 62_000 * MILLI);
            saturate(4, 1);
        }
        saturate(4, 1_000);
        assertTrue(limit.at(now) >= 4);
    }

    @Test
    void measurementEndsAfterThreeSecondsAtLast() {
        limit.responded(SERVICE, true, 1);
        assertEquals(1, limit.at(2_999 * MILLI));
        assertEquals(4, limit.at(3_000 * MILLI));
    }

    @Test
    void failureLowersTheLimitToOneAtLeast() {
        saturate(16, 20_000);
        int before = limit.at(now);
        limit.failed();
        assertTrue(limit.at(now) < before && limit.at(now) >= before * 8 / 10);
        for (int i = 0; i < 100; i++) {
            limit.failed();
        }
        assertEquals(1, limit.at(now));
        saturate(16, 20_000);
        assertTrue(limit.at(now) >= 16);
    }
}
