package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static io.selvage.loadbalancer.PeerHealth.State.CHECKING;
import static io.selvage.loadbalancer.PeerHealth.State.UNAVAILABLE;
import static io.selvage.loadbalancer.PeerHealth.State.UNHEALTHY;
import static io.selvage.loadbalancer.PeerHealth.State.UP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// What the results of `health_check` mean for a peer.
class ActiveHealthTest {
    private static final HealthCheck SIMPLE = new HealthCheck("simple", 1, 1, false, false);
    private static final HealthCheck PATIENT = new HealthCheck("patient", 3, 2, false, false);
    private static final HealthCheck MANDATORY = new HealthCheck("mandatory", 2, 2, true, false);
    private static final HealthCheck PERSISTENT = new HealthCheck("mandatory", 2, 2, true, true);

    private final RecordedHealth reported = new RecordedHealth();

    private TestUpstream checkedBy(HealthCheck... checks) {
        return TestUpstream.of(rules(checks), reported, "a", "b");
    }

    private static HealthRules rules(HealthCheck... checks) {
        return HealthRules.NONE.withChecks(List.of(checks));
    }

    private static PeerHealth.State stateOf(TestUpstream app, String address) {
        return app.snapshotOf(address).health().state();
    }

    @Test
    void peerIsUsedBeforeItsFirstProbe() {
        assertEquals("a b", checkedBy(SIMPLE).serve(2));
    }

    @Test
    void failedProbeTakesThePeerOutAndAPassedOneBringsItBack() {
        var app = checkedBy(SIMPLE);
        app.upstream.probeFailed(SIMPLE, "a", "connection refused");

        assertEquals("b b", app.serve(2));
        assertEquals(UNHEALTHY, stateOf(app, "a"));
        assertFalse(app.snapshotOf("a").available());
        assertEquals("connection refused", app.snapshotOf("a").health().reason());
        assertEquals(List.of("a UNHEALTHY: connection refused"), reported.take());

        app.clock.forward(Duration.ofSeconds(7));
        assertEquals(Duration.ofSeconds(7), app.snapshotOf("a").health().age());
        app.upstream.probePassed(SIMPLE, "a");
        assertEquals("a b", app.serve(2));
        assertEquals(UP, stateOf(app, "a"));
        assertEquals(List.of("a UP: its health check has passed"), reported.take());
    }

    @Test
    void changesNeedAsManyProbesInARowAsTheCheckSays() {
        var app = checkedBy(PATIENT);
        app.upstream.probeFailed(PATIENT, "a", "1");
        app.upstream.probeFailed(PATIENT, "a", "2");
        app.upstream.probePassed(PATIENT, "a");
        app.upstream.probeFailed(PATIENT, "a", "3");
        app.upstream.probeFailed(PATIENT, "a", "4");
        assertEquals(UP, stateOf(app, "a"));
        app.upstream.probeFailed(PATIENT, "a", "5");
        assertEquals(UNHEALTHY, stateOf(app, "a"));

        app.upstream.probePassed(PATIENT, "a");
        app.upstream.probeFailed(PATIENT, "a", "6");
        app.upstream.probePassed(PATIENT, "a");
        assertEquals(UNHEALTHY, stateOf(app, "a"));
        assertEquals("too few health checks have passed", app.snapshotOf("a").health().reason());
        app.upstream.probePassed(PATIENT, "a");
        assertEquals(UP, stateOf(app, "a"));
        assertEquals(List.of("a UNHEALTHY: 5", "a UP: its health check has passed"), reported.take());
    }

    @Test
    void probesAreCounted() {
        var app = checkedBy(PATIENT);
        app.upstream.probePassed(PATIENT, "a");
        for (int i = 0; i < 4; i++) {
            app.upstream.probeFailed(PATIENT, "a", "down");
        }

        assertEquals(new PeerHealth.Probes(5, 4, 1, false), app.snapshotOf("a").health().probes());
    }

    @Test
    void changeIsReportedOnce() {
        var app = checkedBy(SIMPLE);
        app.upstream.probeFailed(SIMPLE, "a", "refused");
        app.upstream.probeFailed(SIMPLE, "a", "status 503");

        assertEquals(List.of("a UNHEALTHY: refused"), reported.take());
        assertEquals("status 503", app.snapshotOf("a").health().reason());
    }

    @Test
    void oneFailedCheckOfSeveralIsEnough() {
        var app = checkedBy(SIMPLE, PATIENT);
        app.upstream.probePassed(PATIENT, "a");
        app.upstream.probeFailed(SIMPLE, "a", "refused");
        app.upstream.probePassed(PATIENT, "a");
        assertEquals("b", app.serve(1));
        app.upstream.probePassed(SIMPLE, "a");
        assertEquals("a b", app.serve(2));
    }

    @Test
    void mandatoryCheckKeepsPeersOutUntilTheirFirstProbe() {
        var app = checkedBy(MANDATORY);
        assertEquals("-", app.serve(1));
        assertEquals(CHECKING, stateOf(app, "a"));

        app.upstream.probePassed(MANDATORY, "a");
        app.upstream.probeFailed(MANDATORY, "b", "refused");
        assertEquals("a a", app.serve(2));
        assertEquals(UNHEALTHY, stateOf(app, "b"));
        assertEquals(List.of("a UP: its first health check has passed", "b UNHEALTHY: refused"), reported.take());
    }

    @Test
    void peerThatPassedIsCheckedAgainAfterAReload() {
        var app = checkedBy(MANDATORY);
        app.upstream.probePassed(MANDATORY, "a");
        app.upstream.probeFailed(MANDATORY, "b", "refused");
        var reloaded = app.reloaded(rules(MANDATORY), "a", "b", "c");
        assertEquals("a", app.serve(1));
        reloaded.upstream.startChecks();

        assertEquals(CHECKING, stateOf(reloaded, "a"));
        assertEquals(UNHEALTHY, stateOf(reloaded, "b"));
        assertEquals(CHECKING, stateOf(reloaded, "c"));
    }

    @Test
    void peerThatPassedAPersistentCheckIsUsedAfterAReload() {
        var app = checkedBy(PERSISTENT);
        app.upstream.probePassed(PERSISTENT, "a");
        app.upstream.probeFailed(PERSISTENT, "b", "refused");
        var reloaded = app.reloaded(rules(PERSISTENT), "a", "b", "c");
        reloaded.upstream.startChecks();

        assertEquals("a a", reloaded.serve(2));
        assertEquals(CHECKING, stateOf(reloaded, "c"));
    }

    @Test
    void unhealthyPeerStaysOutAfterAReload() {
        var app = checkedBy(SIMPLE);
        app.upstream.probeFailed(SIMPLE, "a", "refused");
        var reloaded = app.reloaded(rules(SIMPLE), "a", "b");
        reloaded.upstream.startChecks();

        assertEquals("b b", reloaded.serve(2));
        assertEquals("refused", reloaded.snapshotOf("a").health().reason());
    }

    @Test
    void resultsOfARemovedCheckAreForgotten() {
        var app = checkedBy(SIMPLE);
        app.upstream.probeFailed(SIMPLE, "a", "refused");
        var without = app.reloaded(rules(), "a", "b");
        without.upstream.startChecks();
        assertEquals("a b", without.serve(2));

        assertEquals(UP, stateOf(app.reloaded(rules(SIMPLE), "a", "b"), "a"));
    }

    @Test
    void probeThatEndsAfterItsCheckWasRemovedCountsForNothing() {
        var app = checkedBy(SIMPLE);
        app.reloaded(rules(), "a", "b").upstream.startChecks();
        app.upstream.probeFailed(SIMPLE, "a", "refused");
        app.upstream.probePassed(SIMPLE, "b");

        assertEquals(List.of(), reported.take());
        assertEquals(UP, stateOf(app.reloaded(rules(SIMPLE), "a", "b"), "a"));
    }

    @Test
    void peerThatWasUnhealthyNeedNotWaitForFailTimeout() {
        var app = checkedBy(SIMPLE);
        app.fail("a", 1);
        assertEquals(UNAVAILABLE, stateOf(app, "a"));
        app.upstream.probePassed(SIMPLE, "a");
        assertEquals(UNAVAILABLE, stateOf(app, "a"));      // the probe may ask for something else than the requests
        app.upstream.probeFailed(SIMPLE, "a", "refused");
        app.upstream.probePassed(SIMPLE, "a");

        assertEquals(UP, stateOf(app, "a"));
    }

    @Test
    void weightGrowsSlowlyAfterTheFirstAndAfterALostProbe() {
        var app = TestUpstream.of(rules(MANDATORY), "a", "b slow_start=100s");
        app.upstream.probePassed(MANDATORY, "a");
        app.upstream.probePassed(MANDATORY, "b");
        assertEquals("a a a a a", app.serve(5));
        app.clock.forward(Duration.ofSeconds(100));
        assertEquals(50, app.serve(100).split("b", -1).length - 1, 1);
    }

    @Test
    void probesOfAnAddressCountForEachOfItsPeers() {
        var app = TestUpstream.of(rules(SIMPLE), "a", "a", "b");
        app.upstream.probeFailed(SIMPLE, "a", "refused");

        assertEquals("b b", app.serve(2));
    }

    @Test
    void onlyPeerIsLeftOutToo() {
        var app = TestUpstream.of(rules(SIMPLE), "a");
        app.upstream.probeFailed(SIMPLE, "a", "refused");

        assertEquals(Optional.empty(), app.lease(""));
    }
}
