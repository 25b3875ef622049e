package io.selvage.loadbalancer;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RandomTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void randomTwoTakesThePeerWithFewerLeasesForItsWeight(long seed) {
        var app = TestUpstream.seeded(seed, new Policy.RandomTwo(), "a weight=2", "b");
        for (int i = 0; i < 300; i++) {
            app.lease();
        }

        assertEquals(200, app.snapshotOf("a").inFlight(), 1);
        assertEquals(100, app.snapshotOf("b").inFlight(), 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomTwoKeepsTheMaximumLowerThanRandom(long seed) {
        String[] servers = new String[20];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = "p" + i;
        }
        var one = TestUpstream.seeded(seed, new Policy.Random(), servers);
        var two = TestUpstream.seeded(seed, new Policy.RandomTwo(), servers);
        for (int i = 0; i < 2000; i++) {
            one.lease();
            two.lease();
        }

        assertTrue(mostInFlight(two) <= 104, "most " + mostInFlight(two));
        assertTrue(mostInFlight(one) > mostInFlight(two), "most " + mostInFlight(one));
    }

    private static int mostInFlight(TestUpstream app) {
        return app.upstream.snapshot().stream().mapToInt(UpstreamSnapshot::inFlight).max().orElseThrow();
    }

    @Test
    void randomTwoWorksWithOneUsablePeer() {
        assertEquals("b b b", TestUpstream.of(new Policy.RandomTwo(), "a down", "b", "c down").serve(3));
    }

    @Test
    void roundRobinDecidesIfRandomFindsNoUsablePeer() {
        RandomGenerator alwaysTheFirst = () -> 0;
        for (Policy policy : new Policy[] {new Policy.Random(), new Policy.RandomTwo()}) {
            var spec = TestUpstream.spec(policy, "a down", "b", "c");
            var upstream = new Upstream(spec, new PeerStates(), () -> 0, alwaysTheFirst);
            assertEquals("b", upstream.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow().address());
            assertEquals("c", upstream.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow().address());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void failedRequestTriesEveryPeerOnce(long seed) {
        for (Policy policy : new Policy[] {new Policy.Random(), new Policy.RandomTwo()}) {
            String given = TestUpstream.seeded(seed, policy, "a", "b", "c").failEverywhere(TestUpstream.NO_KEY);
            assertEquals("- a b c", String.join(" ", Arrays.stream(given.split(" ")).sorted().toList()));
        }
    }
}
