package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UpstreamOverridesTest {
    private static final Policy IN_TURN = new Policy.RoundRobin();

    private static PeerOverride state(PeerOverride.State state) {
        return PeerOverride.NONE.withState(Optional.of(state));
    }

    /// The upstream after an operator's change.
    private static TestUpstream changed(TestUpstream before, UpstreamOverrides overrides, String... servers) {
        before.states.override("app", overrides);
        return before.reloaded(IN_TURN, servers);
    }

    @Test
    void aPeerThatIsDownGetsNothing() {
        TestUpstream app = TestUpstream.of(IN_TURN, "a", "b");
        assertEquals("a b a b", app.serve(4));
        UpstreamOverrides down = UpstreamOverrides.NONE.withPeer("a", state(PeerOverride.State.DOWN));
        assertEquals("b b b", changed(app, down, "a", "b").serve(3));
        assertEquals(PeerHealth.State.DOWN, changed(app, down, "a", "b").upstream.snapshot().getFirst().health().state());
    }

    @Test
    void aPeerThatDrainsGetsWhatIsBoundToIt() {
        TestUpstream app = changed(TestUpstream.of(IN_TURN, "a", "b"),
                UpstreamOverrides.NONE.withPeer("a", state(PeerOverride.State.DRAIN)), "a route=r", "b");
        assertEquals("b b b", app.serve(3));
        assertEquals("a", app.upstream.pick(TestUpstream.NO_KEY, "r", new Tried()).orElseThrow().address());
    }

    @Test
    void upEndsWhatTheConfigurationSays() {
        TestUpstream app = changed(TestUpstream.of(IN_TURN, "a"),
                UpstreamOverrides.NONE.withPeer("a", state(PeerOverride.State.UP)), "a down", "b drain");
        assertEquals("a a", app.serve(2));
    }

    @Test
    void aWeightReplacesTheConfiguredOne() {
        TestUpstream app = changed(TestUpstream.of(IN_TURN, "a"),
                UpstreamOverrides.NONE.withPeer("a", PeerOverride.NONE.withWeight(OptionalInt.of(3))), "a", "b");
        assertEquals("a a b a a a b a", app.serve(8));
    }

    @Test
    void peersAreAddedAndRemoved() {
        UpstreamOverrides overrides = UpstreamOverrides.NONE.withRemoved("a").withAdded(PeerSpec.of("c"));
        assertEquals("b c b c", changed(TestUpstream.of(IN_TURN, "a"), overrides, "a", "b").serve(4));
    }

    @Test
    void aRemovedPeerCanBeAddedAgainAndAnAddedOneRemoved() {
        UpstreamOverrides again = UpstreamOverrides.NONE.withRemoved("a").withAdded(PeerSpec.of("a").withWeight(2));
        assertEquals("a b a", changed(TestUpstream.of(IN_TURN, "a"), again, "a", "b").serve(3));
        UpstreamOverrides gone = UpstreamOverrides.NONE.withAdded(PeerSpec.of("c")).withRemoved("c");
        assertEquals("a b a b", changed(TestUpstream.of(IN_TURN, "a"), gone, "a", "b").serve(4));
    }

    @Test
    void leasesAndTotalsSurviveAChange() {
        TestUpstream app = TestUpstream.of(IN_TURN, "a", "b");
        Lease lease = app.upstream.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow();
        assertEquals("a", lease.address());
        TestUpstream later = changed(app, UpstreamOverrides.NONE.withPeer("a", state(PeerOverride.State.DRAIN)), "a", "b");
        assertEquals(1, later.upstream.snapshot().getFirst().inFlight());
        lease.succeeded();
        lease.close();
        assertEquals(0, later.upstream.snapshot().getFirst().inFlight());
        assertEquals(1, later.upstream.snapshot().getFirst().totals().succeeded());
    }

    @Test
    void everyChangeIsANewRevision() {
        UpstreamOverrides overrides = UpstreamOverrides.NONE.withPeer("a", state(PeerOverride.State.DOWN));
        assertEquals(1, overrides.revision());
        overrides = overrides.withAdded(PeerSpec.of("c")).withRemoved("a").withPeer("a", PeerOverride.NONE).cleared();
        assertEquals(5, overrides.revision());
        assertTrue(overrides.isEmpty());
    }

    @Test
    void nothingIsCopiedWithoutChanges() {
        UpstreamSpec spec = TestUpstream.spec(IN_TURN, "a");
        assertSame(spec, UpstreamOverrides.NONE.apply(spec));
    }

    @Test
    void weightsThatAreTooLargeAreRefusedAndIgnored() {
        UpstreamSpec spec = TestUpstream.spec(IN_TURN, "a", "b");
        UpstreamOverrides large = UpstreamOverrides.NONE.withPeer("a",
                PeerOverride.NONE.withWeight(OptionalInt.of(UpstreamSpec.MOST_WEIGHT)));
        assertThrows(IllegalArgumentException.class, () -> large.apply(spec));
        assertThrows(IllegalArgumentException.class, () -> PeerOverride.NONE.withWeight(OptionalInt.of(0)));
        assertEquals(List.of(1, 1), changed(TestUpstream.of(IN_TURN, "a"), large, "a", "b").upstream.spec().peers().stream()
                .map(PeerSpec::weight).toList());
    }
}
