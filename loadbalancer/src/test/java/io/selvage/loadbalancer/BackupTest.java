package io.selvage.loadbalancer;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BackupTest {
    static Policy[] policies() {
        return Policies.ALL;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void backupIsUsedOnlyIfNoPrimaryIsUsable(Policy policy) {
        var app = TestUpstream.of(policy, "a", "b backup");

        assertEquals("a a a", app.serve(3));
        app.fail("a", 1);
        assertEquals("b b b", app.serve(3));
        app.clock.forward(Duration.ofSeconds(11));
        assertEquals("a a a", app.serve(3));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void requestThatFailsOnAllPrimariesGetsABackup(Policy policy) {
        var app = TestUpstream.of(policy, "a", "b backup");

        assertEquals("a b -", app.failEverywhere(TestUpstream.NO_KEY));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void fullPrimaryOverflowsToTheBackup(Policy policy) {
        var app = TestUpstream.of(policy, "a max_conns=1", "b backup");
        Lease a = app.lease();

        assertEquals("b", app.serve(1));
        a.close();
        assertEquals("a", app.serve(1));
    }

    @Test
    void backupsTakeTurns() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "x weight=2 backup", "y backup");
        app.fail("a", 1);

        assertEquals("x y x x y x", app.serve(6));
    }

    @Test
    void primaryWithABackupIsLeftOutAfterFailures() {
        var app = TestUpstream.of(new Policy.RoundRobin(), "a", "b backup down");
        app.fail("a", 1);

        assertEquals("-", app.serve(1));
    }
}
