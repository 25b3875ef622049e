package io.selvage.loadbalancer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MaxConnsTest {
    static Policy[] policies() {
        return Policies.ALL;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void onlyPeerCanBeFull(Policy policy) {
        var app = TestUpstream.of(policy, "a max_conns=2");
        Lease first = app.lease();
        app.lease();

        assertEquals("-", app.serve(1));
        first.close();
        first.close();
        assertEquals("a", app.serve(1));
        assertEquals(1, app.snapshotOf("a").inFlight());
    }

    @ParameterizedTest
    @MethodSource("policies")
    void limitsOfOneAddressAddUp(Policy policy) {
        var app = TestUpstream.of(policy, "a max_conns=1", "a max_conns=2");
        for (int i = 0; i < 3; i++) {
            app.lease();
        }
        assertEquals("-", app.serve(1));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void allLimitsAreReachedAndNoneIsExceeded(Policy policy) {
        for (long seed = 0; seed < 20; seed++) {
            var random = new SplittableRandom(seed);
            var app = TestUpstream.seeded(seed, policy,
                    "a max_conns=3", "b max_conns=1 weight=4", "c max_conns=5", "d max_conns=2 backup");
            Deque<Lease> open = new ArrayDeque<>();
            for (int i = 0; i < 500; i++) {
                if (random.nextInt(5) < 3) {
                    boolean full = open.size() == 11;
                    app.lease("user=" + random.nextInt(50)).ifPresentOrElse(open::add, () -> assertTrue(full));
                } else if (!open.isEmpty()) {
                    open.remove().close();
                }
                for (UpstreamSnapshot peer : app.upstream.snapshot()) {
                    int limit = app.upstream.spec().peers().stream().filter(spec -> spec.address().equals(peer.address()))
                            .findFirst().orElseThrow().maxConns();
                    assertTrue(peer.inFlight() <= limit, peer + " with seed " + seed);
                    assertEquals(peer.inFlight() < limit, peer.available());
                }
            }
        }
    }
}
