package io.selvage.loadbalancer;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What health checks, outlier detection, panic and slow starts change in bad situations. The reports are in
/// `src/test/resources/simulation`; a window is five seconds.
class HealthSimulationTest {
    private static final Duration TEN_MS = Duration.ofMillis(10);
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    private static final Policy IN_TURN = new Policy.RoundRobin();
    private static final HealthCheck CHECK = new HealthCheck("check", 1, 2, false, false);
    private static final OutlierDetection DETECTION = new OutlierDetection(new OutlierDetection.Rules(5, 90, 3),
            Duration.ofSeconds(4), 20, new OutlierDetection.Ejection(Duration.ofSeconds(2), Duration.ofSeconds(10), 34));

    private static final HealthRules CHECKED = new HealthRules(List.of(CHECK), Optional.empty(), false);
    private static final HealthRules DETECTED = new HealthRules(List.of(), Optional.of(DETECTION), false);
    private static final HealthRules PANIC = new HealthRules(List.of(), Optional.empty(), true);
    private static final HealthRules ALL = new HealthRules(List.of(CHECK), Optional.of(DETECTION), true);

    private final Simulation simulation = new Simulation(7);

    private static Map<String, HealthRules> rules() {
        Map<String, HealthRules> rules = new LinkedHashMap<>();
        rules.put("max_fails alone", HealthRules.NONE);
        rules.put("health_check interval=1s timeout=900ms passes=2", CHECKED);
        rules.put("outlier_detection consecutive_5xx=5 success_rate=90% latency_factor=3 interval=4s base_ejection_time=2s"
                + " max_ejection_time=10s max_ejection_percent=34%", DETECTED);
        rules.put("panic_mode on", PANIC);
        rules.put("all of them", ALL);
        return rules;
    }

    private void slowPeer() {
        simulation.peer("a").answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS);
        simulation.peer("slow slow_start=5s").answersIn(TEN_MS).from(10).answersIn(ONE_SECOND).from(20).answersIn(TEN_MS);
    }

    @Test
    void slowPeerReport() throws IOException {
        slowPeer();
        simulation.assertEqualsReport("health-of-a-slow-peer.md", rules());
    }

    @Test
    void slowPeerIsEjectedForItsLatencyAndByFailedProbes() {
        slowPeer();
        int before = simulation.run(IN_TURN).attempts(3, "slow");

        assertTrue(simulation.run(IN_TURN, DETECTED).attempts(3, "slow") < before / 2);
        assertEquals(0, simulation.run(IN_TURN, CHECKED).attempts(3, "slow"));
    }

    private void fastFailer() {
        simulation.peer("a").answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS);
        simulation.peer("failer").answersIn(TEN_MS).from(10).errsIn(Duration.ofMillis(1)).from(20).answersIn(TEN_MS);
    }

    @Test
    void fastFailerReport() throws IOException {
        fastFailer();
        simulation.assertEqualsReport("health-of-a-fast-failer.md", rules());
    }

    @Test
    void fastFailerCostsFewRequests() {
        fastFailer();
        Policy policy = new Policy.LeastConnections();
        int before = simulation.run(policy).erred(3);

        assertTrue(before > 300, "a peer that fails fast is idle: " + before);
        assertTrue(simulation.run(policy, DETECTED).erred(2) + simulation.run(policy, DETECTED).erred(3) <= 30);
        assertEquals(0, simulation.run(policy, CHECKED).erred(3));
    }

    private void blackHole() {
        simulation.peer("a").answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS);
        simulation.peer("hole fail_timeout=3s").answersIn(TEN_MS).from(10).hangs().from(20).answersIn(TEN_MS);
    }

    @Test
    void blackHoleReport() throws IOException {
        blackHole();
        simulation.assertEqualsReport("health-of-a-black-hole.md", rules());
    }

    @Test
    void probesFindABlackHoleBeforeRequestsDo() {
        blackHole();
        int before = simulation.run(IN_TURN).failures(2, "hole");
        int checked = simulation.run(IN_TURN, CHECKED).failures(2, "hole");

        assertTrue(checked < before * 0.6, checked + " instead of " + before + " requests wait for the hole");
        assertEquals(0, simulation.run(IN_TURN, CHECKED).failures(3, "hole"));
    }

    private void flappingPeer() {
        simulation.peer("a").answersIn(TEN_MS);
        simulation.peer("b").answersIn(TEN_MS);
        SimulatedPeer flapping = simulation.peer("flaps max_fails=0").answersIn(TEN_MS);
        for (int second = 6; second < 30; second += 4) {
            flapping.from(second).errsIn(TEN_MS).from(second + 2).answersIn(TEN_MS);
        }
    }

    @Test
    void flappingPeerReport() throws IOException {
        flappingPeer();
        simulation.assertEqualsReport("health-of-a-flapping-peer.md", rules());
    }

    @Test
    void ejectionsOfAFlappingPeerGrow() {
        flappingPeer();
        Tally before = simulation.run(IN_TURN);
        Tally detected = simulation.run(IN_TURN, DETECTED);

        assertTrue(detected.attempts(4, "flaps") + detected.attempts(5, "flaps")
                < (before.attempts(4, "flaps") + before.attempts(5, "flaps")) / 2);
    }

    private void rollingRestart() {
        simulation.peer("a slow_start=5s").answersIn(TEN_MS).from(6).refuses().from(8).answersIn(TEN_MS);
        simulation.peer("b slow_start=5s").answersIn(TEN_MS).from(12).refuses().from(14).answersIn(TEN_MS);
        simulation.peer("c slow_start=5s").answersIn(TEN_MS).from(18).refuses().from(20).answersIn(TEN_MS);
    }

    @Test
    void rollingRestartReport() throws IOException {
        rollingRestart();
        simulation.assertEqualsReport("health-in-a-rolling-restart.md", rules());
    }

    @Test
    void rollingRestartLosesNoRequestAndStartsSlowly() {
        rollingRestart();
        for (HealthRules rules : rules().values()) {
            Tally tally = simulation.run(IN_TURN, rules);
            for (int window = 0; window < 6; window++) {
                assertEquals(0, tally.unanswered(window) + tally.erred(window));
            }
        }
        Tally checked = simulation.run(IN_TURN, CHECKED);
        assertTrue(checked.attempts(2, "a") > 0 && checked.attempts(2, "a") < checked.attempts(2, "c") * 0.8);
    }

    private void allDownOneBack() {
        simulation.peer("a").answersIn(TEN_MS).from(10).refuses();
        simulation.peer("b").answersIn(TEN_MS).from(10).refuses().from(15).answersIn(TEN_MS);
        simulation.peer("c").answersIn(TEN_MS).from(10).refuses().from(25).answersIn(TEN_MS);
    }

    @Test
    void allDownAndOneBackReport() throws IOException {
        allDownOneBack();
        simulation.assertEqualsReport("health-when-all-are-down-and-one-comes-back.md", rules());
    }

    @Test
    void panicUsesThePeerThatIsBackAtOnce() {
        allDownOneBack();
        assertTrue(simulation.run(IN_TURN).unanswered(3) > 500);
        for (HealthRules rules : List.of(PANIC, ALL)) {
            Tally tally = simulation.run(IN_TURN, rules);
            assertEquals(0, tally.unanswered(3) + tally.unanswered(4) + tally.unanswered(5));
        }
    }

    @Test
    void passedProbesBringAPeerBackBeforeFailTimeout() {
        allDownOneBack();
        Tally checked = simulation.run(IN_TURN, CHECKED);

        assertTrue(checked.unanswered(3) < simulation.run(IN_TURN).unanswered(3) / 2);
        assertEquals(0, checked.unanswered(4));
    }
}
