package io.selvage.loadbalancer;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RoundRobinTest {
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "a;b;c,                             a b c a b c a",
        "a weight=5;b;c,                    a a b a c a a a a b",
        "a weight=5;b weight=1;c weight=2,  a c a a b a c a",
        "a weight=2;b weight=3,             b a b a b b a b a b",
        "a weight=3;b weight=3,             a b a b a b",
        "a;b down;c,                        a c a c",
        "a weight=4,                        a a a a",
        "a down;b down,                     - -",
        "a;b weight=3;c backup,             b a b b b a"})
    void peersAreChosenInTurnByWeight(String servers, String order) {
        var app = TestUpstream.of(new Policy.RoundRobin(), servers.split(";"));

        assertEquals(order, app.serve(order.split(" ").length));
    }

    @Test
    void upstreamWithoutPeersGivesNone() {
        assertEquals("- -", TestUpstream.of(new Policy.RoundRobin()).serve(2));
    }

    @Test
    void requestGetsNoPeerTwice() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a max_fails=0", "b max_fails=0 weight=3", "c max_fails=0");

        assertEquals("b a c -", app.failEverywhere(TestUpstream.NO_KEY));
    }

    @Test
    void triesAreCounted() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "b");
        var tried = new Tried();
        app.upstream.pick(TestUpstream.NO_KEY, tried);
        app.upstream.pick(TestUpstream.NO_KEY, tried);
        app.upstream.pick(TestUpstream.NO_KEY, tried);

        assertEquals(2, tried.tries());
    }

    @Test
    void failureLowersTheWeightForSomeTurns() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a weight=6 max_fails=2", "b weight=4");
        try (Lease a = app.lease()) {
            a.failed();
        }

        // a's weight is 6 - 6/2 = 3, then 4, 5 and 6 again; without the failure the order is  b a b a a  b a b a a
        assertEquals("b b a a b a b a a b", app.serve(10));
    }

    @Test
    void upstreamMayHaveMoreThan64Peers() {
        String[] servers = new String[130];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = "p" + i;
        }
        var app = TestUpstream.of(new Policy.RoundRobin(), servers);

        String[] given = app.failEverywhere(TestUpstream.NO_KEY).split(" ");

        assertEquals(131, given.length);
        assertEquals(131, Arrays.stream(given).distinct().count());
    }
}
