package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeakEwmaTest {
    private static final Policy POLICY = new Policy.PeakEwmaOfTwo();

    private static void answer(TestUpstream app, String address, long millis) {
        try (Lease lease = app.leaseOn(address)) {
            app.clock.forward(Duration.ofMillis(millis));
            lease.headReceived(200);
            lease.succeeded();
        }
    }

    private static double millis(PeakEwma average, long nowMillis) {
        return Math.rint(average.at(nowMillis * 1_000_000) / 1e4) / 100;
    }

    @Test
    void averageRisesAtOnceAndFallsSlowly() {
        var average = new PeakEwma();
        average.responded(10_000_000, 0);
        assertEquals(10, millis(average, 0));
        average.responded(500_000_000, 0);
        assertEquals(500, millis(average, 0));
        average.responded(10_000_000, 1_000_000_000);
        assertEquals(73.99, millis(average, 1000));
        assertEquals(27.22, millis(average, 2000));
    }

    @Test
    void requestsWithoutResponseCountWithTheirTimeUntilNow() {
        var average = new PeakEwma();
        average.responded(10_000_000, 0);
        average.began(0);
        average.began(1_000_000_000);
        assertEquals(1500, millis(average, 2000));
        average.ended(0);
        assertEquals(1000, millis(average, 2000));
        average.ended(1_000_000_000);
        assertEquals(1.35, millis(average, 2000));
    }

    @Test
    void failureIsASlowResponse() {
        var average = new PeakEwma();
        average.failed(1_000_000, 0);
        assertEquals(1000, millis(average, 0));
    }

    @Test
    void fasterPeerWins() {
        TestUpstream app = TestUpstream.of(POLICY, "a", "b");
        answer(app, "a", 300);
        answer(app, "b", 100);
        assertEquals("b b b b", app.serve(4));
    }

    @Test
    void leasesMultiplyTheTime() {
        TestUpstream app = TestUpstream.of(POLICY, "a", "b");
        answer(app, "a", 300);
        answer(app, "b", 100);
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            chosen.add(app.lease().address());
        }
        assertEquals(3, chosen.stream().filter("b"::equals).count(), chosen::toString);
    }

    @Test
    void weightDividesTheTime() {
        TestUpstream app = TestUpstream.of(POLICY, "a weight=5", "b");
        answer(app, "a", 300);
        answer(app, "b", 100);
        assertEquals("a a a a", app.serve(4));
    }

    @Test
    void peerThatNeverRespondedGetsOneRequest() {
        TestUpstream app = TestUpstream.of(POLICY, "a", "b");
        answer(app, "a", 100);
        Lease trial = app.leaseOn("b");
        assertEquals("a a a", app.serve(3));
        app.clock.forward(Duration.ofMillis(5));
        trial.headReceived(200);
        trial.close();
        assertEquals("b", app.serve(1));
    }

    @Test
    void slowPeerIsTriedAgainAfterAWhile() {
        TestUpstream app = TestUpstream.of(POLICY, "a", "b");
        answer(app, "a", 1000);
        answer(app, "b", 100);
        assertEquals("b b", app.serve(2));
        for (int second = 0; second < 30; second++) {
            answer(app, "b", 100);
            app.clock.forward(Duration.ofSeconds(1));
        }
        assertTrue(app.serve(1).equals("a"));
    }
}
