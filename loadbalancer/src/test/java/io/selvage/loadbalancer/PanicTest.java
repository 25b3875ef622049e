package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// `panic_mode`: peers that are left out are used when there are no others.
class PanicTest {
    private static final HealthCheck CHECK = new HealthCheck("check", 1, 1, false, false);
    private static final HealthCheck MANDATORY = new HealthCheck("mandatory", 1, 1, true, false);
    private static final HealthRules RULES = new HealthRules(List.of(CHECK), Optional.empty(), true);

    private final RecordedHealth reported = new RecordedHealth();

    @Test
    void peersThatHaveFailedAreTriedWhenThereAreNoOthers() {
        var app = TestUpstream.of(RULES, reported, "a", "b");
        app.fail("a", 1);
        app.fail("b", 1);
        reported.take();

        assertEquals("b b a b", app.serve(4));
        assertEquals(List.of("panic begins"), reported.take());
    }

    @Test
    void peerThatAnswersInAPanicIsWellAgain() {
        var app = TestUpstream.of(RULES, reported, "a", "b");
        app.fail("a", 1);
        app.fail("b", 1);
        reported.take();
        app.clock.forward(Duration.ofSeconds(1));
        app.answer("b", 200, 1);

        assertEquals("b b", app.serve(2));
        assertEquals(List.of("panic begins", "b UP: a request has succeeded", "panic ends"), reported.take());
    }

    @Test
    void requestOfBeforeAFailureShowsNothing() {
        var app = TestUpstream.of(RULES, reported, "a", "b");
        Lease before = app.leaseOn("a");
        app.clock.forward(Duration.ofSeconds(1));
        app.fail("a", 1);
        before.succeeded();

        assertEquals("b b", app.serve(2));
    }

    @Test
    void eachRequestTriesEachPeerOnce() {
        var app = TestUpstream.of(RULES, "a", "b", "c");
        app.fail("a", 1);
        app.fail("b", 1);
        app.fail("c", 1);

        assertEquals("c b a -", app.failEverywhere(TestUpstream.NO_KEY));
    }

    @Test
    void panicEndsWithTheFirstPeerThatIsWell() {
        var app = TestUpstream.of(RULES, reported, "a", "b");
        app.upstream.probeFailed(CHECK, "a", "refused");
        app.upstream.probeFailed(CHECK, "b", "refused");
        app.serve(2);
        app.upstream.probePassed(CHECK, "b");
        reported.take();

        assertEquals("b b", app.serve(2));
        assertEquals(List.of("panic ends"), reported.take());
    }

    @Test
    void peersThatFailThisRequestOnlyAreNoReasonToPanic() {
        var app = TestUpstream.of(RULES, reported, "a max_fails=0", "b max_fails=0");
        app.failEverywhere(TestUpstream.NO_KEY);

        assertEquals(List.of(), reported.take());
    }

    @Test
    void backupsThatAreWellAreUsedFirst() {
        var app = TestUpstream.of(RULES, "a", "b backup");
        app.fail("a", 1);
        assertEquals("b b", app.serve(2));
        app.fail("b", 1);
        assertEquals("a a", app.serve(2));
    }

    @Test
    void peersThatAreDownFullOrNotYetCheckedAreNotUsed() {
        var rules = RULES.withChecks(List.of(MANDATORY));
        assertEquals("-", TestUpstream.of(rules, "a", "b").serve(1));

        var app = TestUpstream.of(RULES, "a down", "b drain", "c max_conns=1");
        app.lease();
        assertEquals("-", app.serve(1));
    }

    @Test
    void fullPeersAreNoReasonToPanic() {
        var app = TestUpstream.of(RULES, reported, "a", "b max_conns=1");
        app.fail("a", 1);
        reported.take();
        Lease only = app.lease();
        assertEquals("b", only.address());

        assertEquals("-", app.serve(1));
        assertEquals(List.of(0, 0), app.upstream.forecast(TestUpstream.NO_KEY, "").stream().map(PeerForecast::order).toList());
        only.close();
        assertEquals("b", app.serve(1));
        assertEquals(List.of(), reported.take());
    }

    @Test
    void withoutPanicNoPeerIsUsed() {
        var app = TestUpstream.of(new HealthRules(List.of(CHECK), Optional.empty(), false), "a", "b");
        app.fail("a", 1);
        app.upstream.probeFailed(CHECK, "b", "refused");

        assertEquals("- -", app.serve(2));
        app.clock.forward(Duration.ofSeconds(11));
        assertEquals("a", app.serve(1));
    }
}
