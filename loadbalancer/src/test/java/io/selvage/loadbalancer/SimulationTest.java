package io.selvage.loadbalancer;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Every policy in every situation. The reports are in `src/test/resources/simulation`; a window is five seconds.
class SimulationTest {
    private static final Duration TEN_MS = Duration.ofMillis(10);
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    private final Simulation simulation = new Simulation(7);

    static Policy[] policies() {
        return Policies.ALL;
    }

    private void oneSlowPeer() {
        simulation.peer("a").answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS);
        simulation.peer("slow").answersIn(TEN_MS).from(10).answersIn(ONE_SECOND).from(20).answersIn(TEN_MS);
    }

    @Test
    void slowPeer() throws IOException {
        oneSlowPeer();
        simulation.assertEqualsReport("one-slow-peer.md");
    }

    @Test
    void slowPeerGetsLessWithPoliciesThatCountLeases() {
        oneSlowPeer();
        int inTurn = simulation.run(new Policy.RoundRobin()).attempts(2, "slow");
        int byLeases = simulation.run(new Policy.LeastConnections()).attempts(2, "slow");
        int ofTwo = simulation.run(new Policy.RandomTwo()).attempts(2, "slow");

        assertTrue(byLeases < inTurn / 10, "least_conn gave it " + byLeases + " of " + inTurn);
        assertTrue(ofTwo < inTurn / 2, "random two gave it " + ofTwo + " of " + inTurn);
    }

    private void oneDyingPeer() {
        simulation.peer("a").answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS);
        simulation.peer("dying fail_timeout=2s").answersIn(TEN_MS).from(10).refuses().from(20).answersIn(TEN_MS);
    }

    @Test
    void peerThatDiesAndReturns() throws IOException {
        oneDyingPeer();
        simulation.assertEqualsReport("one-dying-peer.md");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void dyingPeerLosesNoRequestAndRegainsItsShare(Policy policy) {
        oneDyingPeer();
        Tally tally = simulation.run(policy);

        for (int window = 0; window < 6; window++) {
            assertEquals(0, tally.unanswered(window));
        }
        assertTrue(tally.failures(2, "dying") + tally.failures(3, "dying") <= 6);
        assertEquals(tally.attempts(1, "dying"), tally.attempts(5, "dying"), tally.attempts(1, "dying") * 0.2);
    }

    @Test
    void blackHole() throws IOException {
        simulation.peer("a").answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS);
        simulation.peer("hole").answersIn(TEN_MS).from(10).hangs().from(20).answersIn(TEN_MS);
        simulation.assertEqualsReport("a-black-hole.md");
    }

    @Test
    void blackHoleWithALimit() throws IOException {
        simulation.peer("a max_conns=20").answersIn(TEN_MS);
        simulation.peer("b max_conns=20").answersIn(TEN_MS);
        simulation.peer("hole max_conns=20").answersIn(TEN_MS).from(10).hangs().from(20).answersIn(TEN_MS);
        simulation.assertEqualsReport("a-black-hole-behind-max_conns.md");
    }

    @Test
    void unevenWeights() throws IOException {
        simulation.peer("large weight=5").answersIn(TEN_MS);
        simulation.peer("middle weight=2").answersIn(TEN_MS);
        simulation.peer("small").answersIn(TEN_MS);
        simulation.assertEqualsReport("uneven-weights.md");
    }

    private void allDownAndBack() {
        simulation.peer("a").answersIn(TEN_MS).from(10).refuses().from(15).answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS).from(10).refuses().from(15).answersIn(TEN_MS);
        simulation.peer("c fail_timeout=3s").answersIn(TEN_MS).from(10).refuses().from(15).answersIn(TEN_MS);
    }

    @Test
    void allPeersDownAndBack() throws IOException {
        allDownAndBack();
        simulation.assertEqualsReport("all-down-and-back.md");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyRequestIsAnsweredWhenAllPeersAreBack(Policy policy) {
        allDownAndBack();
        Tally tally = simulation.run(policy);

        assertTrue(tally.unanswered(2) > 900);
        assertEquals(0, tally.unanswered(4) + tally.unanswered(5));
        assertTrue(tally.attempts(5, "a") > 200 && tally.attempts(5, "b") > 200 && tally.attempts(5, "c") > 200);
    }

    @Test
    void backupTakesOver() throws IOException {
        simulation.peer("a").answersIn(TEN_MS).from(10).refuses().from(20).answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS).from(10).refuses().from(20).answersIn(TEN_MS);
        simulation.peer("spare backup").answersIn(TEN_MS);
        simulation.assertEqualsReport("a-backup-in-time.md");
    }
}
