package io.selvage.loadbalancer;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LeastTimeTest {
    private static final Policy HEADER = new Policy.LeastTime(false, false);
    private static final Policy LAST_BYTE = new Policy.LeastTime(true, false);
    private static final Policy IN_FLIGHT = new Policy.LeastTime(true, true);

    /// One request on a peer, whose head and whose end come after these times.
    private static void answer(TestUpstream app, String address, long headMillis, long endMillis) {
        try (Lease lease = app.leaseOn(address)) {
            app.clock.forward(Duration.ofMillis(headMillis));
            lease.headReceived(200);
            app.clock.forward(Duration.ofMillis(endMillis - headMillis));
            lease.responseReceived();
            lease.succeeded();
        }
    }

    @Test
    void fasterPeerWins() {
        TestUpstream app = TestUpstream.of(HEADER, "a", "b");
        answer(app, "a", 300, 300);
        answer(app, "b", 100, 100);
        assertEquals("b b b b", app.serve(4));
    }

    @Test
    void timeEndsWithTheHeadOrTheLastByte() {
        for (Policy policy : new Policy[] {HEADER, LAST_BYTE}) {
            TestUpstream app = TestUpstream.of(policy, "a", "b");
            answer(app, "a", 100, 600);
            answer(app, "b", 300, 300);
            assertEquals(policy == HEADER ? "a a" : "b b", app.serve(2));
        }
    }

    @Test
    void equalPeersTakeTurns() {
        TestUpstream app = TestUpstream.of(HEADER, "a", "b");
        answer(app, "a", 1, 1);
        answer(app, "b", 9, 9);
        assertEquals("a b a b", app.serve(4));
    }

    @Test
    void slowPeerIsTriedAgainAfterAWhile() {
        TestUpstream app = TestUpstream.of(HEADER, "a", "b");
        answer(app, "a", 800, 800);
        assertEquals("b b b b", app.serve(4));
        app.clock.forward(Duration.ofSeconds(7));
        assertEquals("b a b a", app.serve(4));
    }

    @Test
    void leasesInFlightAndWeightsCount() {
        TestUpstream app = TestUpstream.of(HEADER, "a weight=2", "b");
        assertEquals("a", app.lease().address());
        assertEquals("a", app.lease().address());
        assertEquals("b", app.lease().address());
    }

    @Test
    void requestsInFlightCountWithTheirTimeUntilNow() {
        TestUpstream app = TestUpstream.of(IN_FLIGHT, "a", "b weight=4");
        answer(app, "a", 100, 100);
        answer(app, "b", 100, 100);
        Lease waiting = app.leaseOn("b");
        assertEquals("b b", app.serve(2));
        app.clock.forward(Duration.ofSeconds(2));
        assertEquals("a a", app.serve(2));
        waiting.close();
    }

    @Test
    void randomTwoMayChooseByTime() {
        TestUpstream app = TestUpstream.of(new Policy.RandomTwo(HEADER), "a", "b");
        answer(app, "a", 300, 300);
        assertEquals("b b b b", app.serve(4));
    }
}
