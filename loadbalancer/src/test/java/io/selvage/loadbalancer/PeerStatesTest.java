package io.selvage.loadbalancer;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeerStatesTest {
    private static final Policy IN_TURN = new Policy.RoundRobin();

    @Test
    void leasesFailuresAndTotalsSurviveAReload() {
        var before = TestUpstream.of(IN_TURN, "a", "b");
        Lease old = before.lease();
        before.fail("b", 1);

        var after = before.reloaded(new Policy.LeastConnections(), "b", "a max_conns=1");

        assertEquals("-", after.serve(1));
        old.close();
        assertEquals("a", after.serve(1));
        assertEquals(1, after.snapshotOf("b").fails());
        assertEquals(3, after.snapshotOf("a").totals().chosen() + before.snapshotOf("b").totals().chosen());
    }

    @Test
    void failureInTheOldConfigurationCountsInTheNew() {
        var before = TestUpstream.of(IN_TURN, "a", "b");
        Lease old = before.lease();
        var after = before.reloaded(IN_TURN, "a", "b");
        old.failed();

        assertEquals("b b", after.serve(2));
    }

    @Test
    void unusedPeersAreForgotten() {
        var before = TestUpstream.of(IN_TURN, "a", "b");
        before.fail("b", 1);
        var without = before.reloaded(IN_TURN, "a", "c");
        without.states.forgetAllBut(List.of(without.upstream.spec()));

        var back = before.reloaded(IN_TURN, "a", "b");

        assertTrue(back.snapshotOf("b").available());
        assertEquals(0, back.snapshotOf("b").totals().chosen());
        assertEquals(1, back.snapshotOf("a").totals().chosen());
    }

    @Test
    void peerWithLeasesIsForgottenWhenTheyAreClosed() {
        var before = TestUpstream.of(IN_TURN, "a max_conns=1", "b");
        Lease busy = before.lease();
        var without = before.reloaded(IN_TURN, "b");
        without.states.forgetAllBut(List.of(without.upstream.spec()));

        var back = before.reloaded(IN_TURN, "a max_conns=1", "b");
        assertFalse(back.snapshotOf("a").available());

        busy.close();
        assertTrue(back.snapshotOf("a").available());
        without.states.forgetAllBut(List.of(without.upstream.spec()));
        assertEquals(0, before.reloaded(IN_TURN, "a").snapshotOf("a").totals().chosen());
    }

    @Test
    void sameAddressInAnotherUpstreamHasItsOwnState() {
        var states = new PeerStates();
        var clock = new VirtualClock();
        PeerSpec peer = PeerSpec.of("a").withMaxConns(1);
        var one = new Upstream(new UpstreamSpec("one", List.of(peer), IN_TURN), states, clock, () -> 0);
        var two = new Upstream(new UpstreamSpec("two", List.of(peer), IN_TURN), states, clock, () -> 0);

        assertTrue(one.pick(TestUpstream.NO_KEY, new Tried()).isPresent());
        assertTrue(one.pick(TestUpstream.NO_KEY, new Tried()).isEmpty());
        assertTrue(two.pick(TestUpstream.NO_KEY, new Tried()).isPresent());
    }
}
