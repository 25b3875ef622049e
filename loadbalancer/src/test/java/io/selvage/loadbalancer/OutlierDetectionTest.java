package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static io.selvage.loadbalancer.PeerHealth.State.EJECTED;
import static io.selvage.loadbalancer.PeerHealth.State.UP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// `outlier_detection`: peers that do worse than the others are left out for a while.
class OutlierDetectionTest {
    private static final OutlierDetection BY_ERRORS = OutlierDetection.DEFAULT;
    private static final OutlierDetection BY_RATE = rules(0, 80, 0);
    private static final OutlierDetection BY_LATENCY = rules(0, 0, 3);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration MS = Duration.ofMillis(1);
    private static final String[] THREE = {"a max_fails=0", "b max_fails=0", "c max_fails=0"};

    private final RecordedHealth reported = new RecordedHealth();

    private static OutlierDetection rules(int consecutive5xx, int successRate, double latencyFactor) {
        return OutlierDetection.DEFAULT.withRules(new OutlierDetection.Rules(consecutive5xx, successRate, latencyFactor));
    }

    private TestUpstream detecting(OutlierDetection rules, String... servers) {
        return TestUpstream.of(new HealthRules(List.of(), Optional.of(rules), false), reported, servers);
    }

    private static PeerHealth.State stateOf(TestUpstream app, String address) {
        return app.snapshotOf(address).health().state();
    }

    @Test
    void fiveServerErrorsInARowEjectAPeer() {
        var app = detecting(BY_ERRORS, THREE);
        app.answer("a", 500, 4);
        assertEquals(UP, stateOf(app, "a"));
        app.answer("a", 503, 1);

        assertEquals("b b c b", app.serve(4));
        assertEquals(EJECTED, stateOf(app, "a"));
        assertEquals(List.of("a EJECTED: 5 failures in a row, the last one status 503"), reported.take());
        assertEquals(1, app.snapshotOf("a").health().ejections());
    }

    @Test
    void resetsCountAsServerErrorsDo() {
        var app = detecting(BY_ERRORS, THREE);
        app.answer("a", 500, 3);
        app.fail("a", 2);

        assertEquals(List.of("a EJECTED: 5 failures in a row, the last one without a response"), reported.take());
    }

    @Test
    void otherStatusesStartAgain() {
        var app = detecting(BY_ERRORS, THREE);
        app.answer("a", 500, 4);
        app.answer("a", 404, 1);
        app.answer("a", 500, 4);

        assertEquals(UP, stateOf(app, "a"));
    }

    @Test
    void ejectedPeerReturnsAndLaterEjectionsAreLonger() {
        var app = detecting(BY_ERRORS, THREE);
        app.answer("a", 500, 5);
        app.clock.forward(Duration.ofSeconds(30).minus(MS));
        assertEquals(EJECTED, stateOf(app, "a"));
        app.clock.forward(MS);
        assertEquals(UP, stateOf(app, "a"));
        assertEquals("a UP: the time of its ejection is over", reported.take().getLast());

        app.answer("a", 500, 5);
        app.clock.forward(Duration.ofSeconds(59));
        assertEquals(EJECTED, stateOf(app, "a"));
        app.clock.forward(Duration.ofSeconds(1));
        assertEquals(UP, stateOf(app, "a"));
    }

    @Test
    void ejectionTimeHasABound() {
        var app = detecting(BY_ERRORS.withEjection(new OutlierDetection.Ejection(Duration.ofSeconds(30), Duration.ofSeconds(40),
                10)), THREE);
        for (int i = 0; i < 3; i++) {
            app.answer("a", 500, 5);
            app.clock.forward(Duration.ofSeconds(40));
            assertEquals(UP, stateOf(app, "a"));
        }
    }

    @Test
    void goodIntervalsShortenTheNextEjection() {
        var app = detecting(BY_ERRORS, THREE);
        app.answer("a", 500, 5);
        app.clock.forward(Duration.ofSeconds(30));
        app.serve(1);
        app.clock.forward(INTERVAL);
        app.serve(1);
        app.answer("a", 500, 5);
        app.clock.forward(Duration.ofSeconds(30));

        assertEquals(UP, stateOf(app, "a"));
    }

    @Test
    void onePeerOfThreeMayBeOutAtATime() {
        var app = detecting(BY_ERRORS, THREE);
        app.answer("a", 500, 5);
        app.answer("b", 500, 5);

        assertEquals(UP, stateOf(app, "b"));
    }

    @Test
    void largerShareOfThePeersMayBeAllowedToBeOut() {
        var app = detecting(BY_ERRORS.withEjection(new OutlierDetection.Ejection(Duration.ofSeconds(30), Duration.ofSeconds(300),
                67)), THREE);
        app.answer("a", 500, 5);
        app.answer("b", 500, 5);
        assertEquals(EJECTED, stateOf(app, "b"));
        app.answer("c", 500, 5);
        assertEquals(UP, stateOf(app, "c"));
    }

    @Test
    void lastPeerThatCanBeUsedIsNotEjected() {
        var app = detecting(BY_ERRORS, "a", "b");
        app.fail("b", 1);
        app.answer("a", 500, 9);

        assertEquals(UP, stateOf(app, "a"));
        assertEquals("a", detecting(BY_ERRORS, "a").failEverywhere(TestUpstream.NO_KEY).substring(0, 1));
    }

    @Test
    void ejectedPeersAreUsedWhenAllOthersHaveFailed() {
        var app = detecting(BY_ERRORS, "a", "b");
        app.answer("a", 500, 5);
        app.fail("b", 1);

        assertEquals("a a", app.serve(2));
    }

    @Test
    void lowSuccessRateEjectsAPeer() {
        var app = detecting(BY_RATE, THREE);
        for (int i = 0; i < 10; i++) {
            app.answer("a", 500, 1);
            app.answer("a", 200, 2);
            app.answer("b", 200, 3);
            app.answer("c", 200, 3);
        }
        assertEquals(UP, stateOf(app, "a"));
        app.clock.forward(INTERVAL);

        assertEquals(EJECTED, stateOf(app, "a"));
        assertEquals(List.of("a EJECTED: success rate 67 % of 30 requests"), reported.take());
    }

    @Test
    void lowSuccessRateOfMostPeersEjectsNone() {
        var app = detecting(BY_RATE, THREE);
        app.answer("a", 500, 20);
        app.answer("b", 500, 20);
        app.answer("c", 200, 20);
        app.clock.forward(INTERVAL);

        assertEquals("c a b", app.serve(3));
    }

    @Test
    void fewRequestsAreNotCompared() {
        var app = detecting(BY_RATE, THREE);
        app.answer("a", 500, 19);
        app.answer("b", 200, 20);
        app.answer("c", 200, 20);
        app.clock.forward(INTERVAL);

        assertEquals(UP, stateOf(app, "a"));
    }

    @Test
    void requestsOfAnEarlierIntervalDoNotCount() {
        var app = detecting(BY_RATE, THREE);
        app.answer("a", 500, 10);
        app.clock.forward(INTERVAL);
        app.answer("a", 500, 10);
        app.answer("b", 200, 20);
        app.answer("c", 200, 20);
        app.clock.forward(INTERVAL);

        assertEquals(UP, stateOf(app, "a"));
    }

    @Test
    void slowPeerIsEjected() {
        var app = detecting(BY_LATENCY, "a", "b");
        for (int i = 0; i < 20; i++) {
            app.answer("a", 200, Duration.ofMillis(100));
            app.answer("b", 200, Duration.ofMillis(10));
        }
        app.clock.forward(INTERVAL);

        assertEquals("b b", app.serve(2));
        assertEquals(List.of("a EJECTED: mean latency 100 ms, the median of the peers is 10 ms"), reported.take());
    }

    @Test
    void smallDifferencesOfLatencyDoNotCount() {
        var app = detecting(BY_LATENCY, "a", "b");
        for (int i = 0; i < 20; i++) {
            app.answer("a", 200, Duration.ofMillis(20));
            app.answer("b", 200, MS);
        }
        app.clock.forward(INTERVAL);

        assertEquals("a b", app.serve(2));
    }

    @Test
    void passedProbeEndsTheEjectionOfAPeerThatWasUnhealthy() {
        var check = new HealthCheck("check", 1, 1, false, false);
        var app = TestUpstream.of(new HealthRules(List.of(check), Optional.of(BY_ERRORS), false), "a", "b");
        app.answer("a", 500, 5);
        app.upstream.probePassed(check, "a");
        assertEquals(EJECTED, stateOf(app, "a"));
        app.upstream.probeFailed(check, "a", "refused");
        app.upstream.probePassed(check, "a");

        assertEquals(UP, stateOf(app, "a"));
    }

    @Test
    void ejectionSurvivesAReloadAndEndsWithItsDirective() {
        var rules = new HealthRules(List.of(), Optional.of(BY_ERRORS), false);
        var app = TestUpstream.of(rules, "a", "b");
        app.answer("a", 500, 5);
        assertEquals("b b", app.reloaded(rules, "a", "b").serve(2));

        assertEquals("a b", app.reloaded(HealthRules.NONE, "a", "b").serve(2));
    }

    @Test
    void weightGrowsSlowlyAfterAnEjection() {
        var app = detecting(BY_ERRORS, "a slow_start=100s", "b");
        app.answer("a", 500, 5);
        app.clock.forward(Duration.ofSeconds(30));

        assertEquals("b b b b", app.serve(4));
    }

    @Test
    void invalidRulesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> rules(-1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> rules(0, 101, 0));
        assertThrows(IllegalArgumentException.class, () -> rules(0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new OutlierDetection.Ejection(INTERVAL, MS, 10));
        assertThrows(IllegalArgumentException.class, () -> new HealthCheck("x", 0, 1, false, false));
    }
}
