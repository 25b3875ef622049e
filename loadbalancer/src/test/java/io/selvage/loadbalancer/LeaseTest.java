package io.selvage.loadbalancer;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LeaseTest {
    private final TestUpstream app = TestUpstream.of(new Policy.RoundRobin(), "a max_fails=3 weight=2 max_conns=9", "b backup");
    private final Lease lease = app.lease();

    @Test
    void leaseHasAddressAndPeer() {
        assertEquals("a", lease.address());
        assertEquals(app.upstream.spec().peers().getFirst(), lease.peer());
    }

    @Test
    void leaseCountsUntilItIsClosed() {
        assertEquals(1, app.snapshotOf("a").inFlight());
        lease.close();
        assertEquals(0, app.snapshotOf("a").inFlight());
    }

    @Test
    void secondCloseHasNoEffect() {
        app.lease();
        lease.close();
        lease.close();

        assertEquals(1, app.snapshotOf("a").inFlight());
    }

    @Test
    void leaseCountsAfterItsVerdict() {
        lease.succeeded();

        assertEquals(1, app.snapshotOf("a").inFlight());
    }

    @Test
    void secondFailureDoesNotCount() {
        lease.failed();
        lease.failed();

        assertEquals(1, app.snapshotOf("a").fails());
        assertEquals(new UpstreamSnapshot.Totals(1, 0, 1), app.snapshotOf("a").totals());
    }

    @Test
    void firstVerdictCounts() {
        lease.succeeded();
        lease.failed();
        Lease other = app.lease();
        other.failed();
        other.succeeded();

        assertEquals(new UpstreamSnapshot.Totals(2, 1, 1), app.snapshotOf("a").totals());
        assertEquals(1, app.snapshotOf("a").fails());
    }

    @Test
    void leaseWithoutAVerdictCountsAsChosenOnly() {
        lease.close();

        assertEquals(new UpstreamSnapshot.Totals(1, 0, 0), app.snapshotOf("a").totals());
    }

    @Test
    void snapshotListsPeersInOrder() {
        lease.failed();

        var noProbes = new PeerHealth.Probes(0, 0, 0, true);
        assertEquals(
                new UpstreamSnapshot("a", 2, false, false, 1, 9,
                        new PeerHealth(PeerHealth.State.UP, "", Duration.ZERO, true, 1, noProbes, 0),
                        new UpstreamSnapshot.Totals(1, 0, 1)),
                app.upstream.snapshot().getFirst());
        assertEquals(
                new UpstreamSnapshot("b", 1, true, false, 0, 0,
                        new PeerHealth(PeerHealth.State.UP, "", Duration.ZERO, true, 0, noProbes, 0),
                        new UpstreamSnapshot.Totals(0, 0, 0)),
                app.upstream.snapshot().getLast());
    }
}
