package io.selvage.loadbalancer;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PassiveHealthTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofNanos(1);

    @Test
    void oneFailureLeavesAPeerOutForTenSeconds() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "b");
        app.fail("a", 1);

        assertEquals("b b b", app.serve(3));
        assertFalse(app.snapshotOf("a").available());
        app.clock.forward(TEN_SECONDS);
        assertEquals("b b", app.serve(2));
        app.clock.forward(A_MOMENT);
        assertTrue(app.snapshotOf("a").available());
    }

    @Test
    void peerGetsOneTrialRequestAfterFailTimeout() {
        var app = TestUpstream.of(new Policy.LeastConnections(), "a", "b");
        app.fail("a", 1);
        app.clock.forward(TEN_SECONDS.plus(A_MOMENT));
        Lease trial = app.leaseOn("a");

        assertEquals("b b b", app.serve(3));
        trial.succeeded();
        trial.close();
        assertEquals(0, app.snapshotOf("a").fails());
        assertTrue(app.snapshotOf("a").available());
    }

    @Test
    void failedTrialLeavesThePeerOutAgain() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "b");
        app.fail("a", 1);
        app.clock.forward(TEN_SECONDS.plus(A_MOMENT));
        app.fail("a", 1);
        app.clock.forward(TEN_SECONDS);

        assertEquals("b b b", app.serve(3));
        app.clock.forward(A_MOMENT);
        assertTrue(app.snapshotOf("a").available());
        assertEquals(2, app.snapshotOf("a").fails());
    }

    @Test
    void unfinishedTrialIsFollowedByAnotherAfterFailTimeout() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "b");
        app.fail("a", 1);
        app.clock.forward(TEN_SECONDS.plus(A_MOMENT));
        app.leaseOn("a");
        app.clock.forward(TEN_SECONDS);
        assertFalse(app.snapshotOf("a").available());
        app.clock.forward(A_MOMENT);
        assertTrue(app.snapshotOf("a").available());
    }

    @Test
    void trialWithoutAVerdictDoesNotRestoreThePeer() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "b");
        app.fail("a", 1);
        app.clock.forward(TEN_SECONDS.plus(A_MOMENT));
        app.leaseOn("a").close();

        assertEquals(1, app.snapshotOf("a").fails());
        assertFalse(app.snapshotOf("a").available());
    }

    @Test
    void failuresWithinFailTimeoutAddUp() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a max_fails=3 fail_timeout=30s", "b");
        app.fail("a", 1);
        app.clock.forward(Duration.ofSeconds(29));
        app.fail("a", 1);
        app.clock.forward(Duration.ofSeconds(29));
        assertTrue(app.snapshotOf("a").available());
        app.fail("a", 1);

        assertFalse(app.snapshotOf("a").available());
    }

    @Test
    void successWithinFailTimeoutDoesNotResetFailures() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a max_fails=2", "b");
        app.fail("a", 1);
        app.clock.forward(TEN_SECONDS);
        app.serve(4);

        assertEquals(1, app.snapshotOf("a").fails());
    }

    @Test
    void successAfterFailTimeoutResetsFailures() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a max_fails=2", "b");
        app.fail("a", 1);
        app.clock.forward(TEN_SECONDS.plus(A_MOMENT));
        app.serve(4);

        assertEquals(0, app.snapshotOf("a").fails());
    }

    @Test
    void peerWithoutMaxFailsIsNeverLeftOut() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a max_fails=0", "b");
        app.fail("a", 100);

        assertTrue(app.snapshotOf("a").available());
    }

    static Policy[] policies() {
        return Policies.ALL;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void onlyPeerIsNeverLeftOut(Policy policy) {
        var app = TestUpstream.of(policy, "a");
        app.fail("a", 100);

        assertEquals("a", app.serve(1));
        assertTrue(app.snapshotOf("a").available());
    }

    @ParameterizedTest
    @MethodSource("policies")
    void noPeerIsChosenWhileAllAreLeftOut(Policy policy) {
        var app = TestUpstream.of(policy, "a", "b fail_timeout=5s");
        app.fail("a", 1);
        app.fail("b", 1);

        assertEquals("- -", app.serve(2));
        app.clock.forward(Duration.ofSeconds(5).plus(A_MOMENT));
        assertEquals("b b", app.serve(2));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void peerThatIsLeftOutGetsNoRequests(Policy policy) {
        var app = TestUpstream.of(policy, "a", "b");
        app.fail("b", 1);

        for (int i = 0; i < 50; i++) {
            assertEquals("a", app.serve(new byte[] {10, 0, (byte) i, 1}));
        }
    }
}
