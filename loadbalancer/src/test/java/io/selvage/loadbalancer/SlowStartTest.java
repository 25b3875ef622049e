package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// `slow_start`: the weight of a peer grows from nothing after it was left out.
class SlowStartTest {
    private static final Duration FAIL_TIMEOUT = Duration.ofSeconds(10).plusNanos(1);

    /// How many of 100 requests the peer gets.
    private static int share(TestUpstream app, String address) {
        return Collections.frequency(List.of(app.serve(100).split(" ")), address);
    }

    /// An upstream whose peer "slow" has just become available again.
    private static TestUpstream recovered(Policy policy, String... servers) {
        var app = TestUpstream.of(policy, servers);
        app.fail("slow", 1);
        app.clock.forward(FAIL_TIMEOUT);
        app.answer("slow", 200, 1);
        return app;
    }

    @Test
    void shareGrowsWithTime() {
        var app = recovered(new Policy.RoundRobin(), "a", "slow slow_start=100s");
        assertEquals(0, share(app, "slow"));
        app.clock.forward(Duration.ofSeconds(25));
        assertEquals(20, share(app, "slow"), 1);           // a quarter of the weight beside a whole one
        app.clock.forward(Duration.ofSeconds(25));
        assertEquals(33, share(app, "slow"), 1);
        app.clock.forward(Duration.ofSeconds(50));
        assertEquals(50, share(app, "slow"));
    }

    @Test
    void weightCountsBesidesTheTime() {
        var app = recovered(new Policy.RoundRobin(), "a", "slow weight=4 slow_start=100s");
        app.clock.forward(Duration.ofSeconds(25));
        assertEquals(50, share(app, "slow"), 1);
        app.clock.forward(Duration.ofSeconds(75));
        assertEquals(80, share(app, "slow"), 1);
    }

    @Test
    void peerIsFullFromTheStartIfItNeverFailed() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "slow slow_start=100s");

        assertEquals(50, share(app, "slow"));
    }

    @Test
    void peerWithoutSlowStartGetsItsWholeShareAtOnce() {
        var app = recovered(new Policy.RoundRobin(), "a", "slow");

        assertEquals(50, share(app, "slow"), 1);
    }

    @Test
    void fewerRequestsAreInFlightAtAPeerThatStartsSlowly() {
        var app = recovered(new Policy.LeastConnections(), "a", "slow slow_start=100s");
        app.clock.forward(Duration.ofSeconds(20));
        for (int i = 0; i < 60; i++) {
            app.lease();
        }

        assertEquals(10, app.snapshotOf("slow").inFlight(), 1);
        assertEquals(50, app.snapshotOf("a").inFlight(), 1);
    }

    @Test
    void peersThatRecoverTogetherShareAllRequests() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a slow_start=100s", "slow slow_start=100s");
        app.fail("a", 1);
        app.fail("slow", 1);
        app.clock.forward(FAIL_TIMEOUT);
        app.serve(2);

        assertEquals(50, share(app, "slow"), 1);
    }

    @Test
    void onlyPeerNeedsNoSlowStart() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "slow slow_start=100s");
        app.fail("slow", 1);

        assertEquals(100, share(app, "slow"));
    }

    @Test
    void slowStartContinuesAfterAReload() {
        var app = recovered(new Policy.RoundRobin(), "a", "slow slow_start=100s");
        app.clock.forward(Duration.ofSeconds(25));
        var reloaded = app.reloaded(new Policy.RoundRobin(), "a", "slow slow_start=100s");

        assertEquals(20, share(reloaded, "slow"), 1);
    }

    @Test
    void veryLongSlowStartGrowsSlowly() {
        var app = recovered(new Policy.RoundRobin(), "a", "slow slow_start=900000H");
        app.clock.forward(Duration.ofDays(365));

        assertTrue(share(app, "slow") < 3);
    }
}
