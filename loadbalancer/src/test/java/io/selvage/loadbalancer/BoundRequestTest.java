package io.selvage.loadbalancer;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Requests that are bound to a peer.
class BoundRequestTest {

    private static String pick(TestUpstream app, String id) {
        var tried = new Tried();
        StringBuilder peers = new StringBuilder();
        for (int tries = 0; tries < 4; tries++) {
            peers.append(app.upstream.pick(TestUpstream.NO_KEY, id, tried).map(Lease::address).orElse("-"));
        }
        return peers.toString();
    }

    @Test
    void boundPeerIsFirstAndTheOthersFollow() {
        assertEquals("cab-", pick(TestUpstream.of(new Policy.RoundRobin(), "a", "b", "c route=x"), "x"));
        assertEquals("abc-", pick(TestUpstream.of(new Policy.RoundRobin(), "a", "b", "c"), "unknown"));
    }

    @Test
    void idIsTheRouteOrTheHashOfTheAddress() {
        assertEquals("x", TestUpstream.peer("a route=x").id());
        assertEquals("0cc175b9c0f1b6a831c399e269772661", TestUpstream.peer("a").id());
    }

    @Test
    void drainingPeerGetsOnlyRequestsThatAreBoundToIt() {
        TestUpstream app = TestUpstream.of(new Policy.LeastConnections(), "a drain route=x", "b");
        assertEquals("b---", pick(app, ""));
        assertEquals("ab--", pick(app, "x"));
    }

    @Test
    void backupGetsRequestsOnlyWhereNoPrimaryPeerCan() {
        assertEquals("acb-", pick(TestUpstream.of(new Policy.RoundRobin(), "a", "b backup", "c backup route=x"), "x"));
    }

    @Test
    void peerThatIsDownOrFullGetsNone() {
        assertEquals("b---", pick(TestUpstream.of(new Policy.RoundRobin(), "a down route=x", "b"), "x"));
        TestUpstream full = TestUpstream.of(new Policy.RoundRobin(), "a max_conns=1 route=x", "b");
        full.upstream.pick(TestUpstream.NO_KEY, "x", new Tried());
        assertEquals("b---", pick(full, "x"));
    }
}
