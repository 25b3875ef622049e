package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LeastConnectionsTest {
    private static final Policy LEAST = new Policy.LeastConnections();

    @Test
    void idlePeersTakeTurns() {
        assertEquals("a b c a b c", TestUpstream.of(LEAST, "a", "b", "c").serve(6));
    }

    @Test
    void idlePeersTakeTurnsByWeight() {
        assertEquals("a a b a c a a", TestUpstream.of(LEAST, "a weight=5", "b", "c").serve(7));
    }

    @Test
    void busyPeersAreAvoided() {
        var app = TestUpstream.of(LEAST, "a", "b", "c");
        Lease a = app.lease();

        assertEquals("b c b c", app.serve(4));
        a.close();
        assertEquals("b c a", app.serve(3));
    }

    @Test
    void leasesAreProportionalToWeight() {
        var app = TestUpstream.of(LEAST, "a weight=3", "b weight=2", "c");
        for (int i = 0; i < 60; i++) {
            app.lease();
        }

        assertEquals(30, app.snapshotOf("a").inFlight());
        assertEquals(20, app.snapshotOf("b").inFlight());
        assertEquals(10, app.snapshotOf("c").inFlight());
    }

    @Test
    void singleWinnerDoesNotChangeTheTurns() {
        var app = TestUpstream.of(LEAST, "a", "b");
        List<String> order = new ArrayList<>();
        Lease a = app.lease();
        order.add(a.address());
        order.add(app.serve(2));
        a.close();
        order.add(app.serve(2));

        // the first was a's turn and the next two had only one candidate, so it is still b's turn
        assertEquals(List.of("a", "b b", "b a"), order);
    }

    @Test
    void requestGetsNoPeerTwice() {
        var app = TestUpstream.of(LEAST, "a max_fails=0", "b max_fails=0", "c max_fails=0 backup");

        assertEquals("a b c -", app.failEverywhere(TestUpstream.NO_KEY));
    }

    @Test
    void backupsAreChosenByLeastConnections() {
        var app = TestUpstream.of(LEAST, "a down", "b backup", "c backup");
        app.lease();

        assertEquals("c c c", app.serve(3));
    }
}
