package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SpecTest {
    @Test
    void defaultsAreThoseOfNginx() {
        assertEquals(new PeerSpec("a", 1, new PeerSpec.Limits(0, 1, Duration.ofSeconds(10)), PeerSpec.Mode.PRIMARY, "a", ""),
                PeerSpec.of("a"));
        assertEquals(new KeepAlive(16, Duration.ofMinutes(1), 1000, Duration.ofHours(1)), KeepAlive.of(16));
    }

    @Test
    void valueOutOfRangeIsNamedInTheMessage() {
        PeerSpec peer = PeerSpec.of("a:80");
        assertEquals("peer a:80: weight must be 1 or more, was 0", refusal(() -> peer.withWeight(0)));
        assertEquals("max_conns must be 0 or more, was -1", refusal(() -> peer.withMaxConns(-1)));
        assertEquals("max_fails must be 0 or more, was -1", refusal(() -> peer.withMaxFails(-1)));
        assertEquals("fail_timeout must not be negative, was PT-1S",
                refusal(() -> peer.withFailTimeout(Duration.ofSeconds(-1))));
        assertEquals("slow_start must not be negative, was PT-1S", refusal(() -> peer.withSlowStart(Duration.ofSeconds(-1))));
        assertEquals("a peer needs an address", refusal(() -> PeerSpec.of(" ")));
        assertEquals("peer a:80 needs a server name", refusal(() -> peer.withServer("")));
        assertEquals("keepalive -1, timeout PT1M, requests 1000, time PT1H", refusal(() -> KeepAlive.of(-1)));
        assertEquals("keepalive 1, timeout PT1M, requests 0, time PT1H", refusal(() -> KeepAlive.of(1).withRequests(0)));
    }

    @Test
    void veryLongFailTimeoutNeverEnds() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a fail_timeout=9999999999H", "b");
        app.fail("a", 1);
        app.clock.forward(Duration.ofDays(365));

        assertEquals("b b", app.serve(2));
    }

    @Test
    void tooLargeSumOfWeightsIsRejected() {
        var peers = List.of(PeerSpec.of("a").withWeight(Integer.MAX_VALUE), PeerSpec.of("b"));

        assertEquals("upstream app: weights must add up to 1000000 or less, were 2147483648",
                refusal(() -> new UpstreamSpec("app", peers, new Policy.Random())));
    }

    @Test
    void upstreamCopiesItsListOfPeers() {
        List<PeerSpec> peers = new ArrayList<>(List.of(PeerSpec.of("a")));
        var spec = new UpstreamSpec("app", peers, new Policy.RoundRobin());
        peers.clear();

        assertEquals(List.of(PeerSpec.of("a")), spec.peers());
    }

    private static String refusal(Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
