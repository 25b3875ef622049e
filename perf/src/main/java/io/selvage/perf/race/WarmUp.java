package io.selvage.perf.race;

import java.time.Duration;
import java.util.List;

/// Decides how long a target is driven before its first round: until its CPU time per answer has stopped falling. That of a JVM
/// falls while its code is compiled.
final class WarmUp {
    /// The length of a step.
    static final Duration STEP = Duration.ofSeconds(2);
    /// The steps of which each comparison takes the mean, since one step alone varies by a tenth.
    private static final int WINDOW = 4;
    private static final double STILL_FALLING = 0.98;
    private static final int MOST_STEPS = 60;

    private WarmUp() {
    }

    /// True if the last steps cost at least 98 % of those before them, or if there were too many.
    ///
    /// @param costs the CPU time per answer in each step so far, in any unit
    static boolean isOver(List<Double> costs) {
        int steps = costs.size();
        if (steps < 2 * WINDOW) {
            return false;
        }
        double last = mean(costs.subList(steps - WINDOW, steps));
        double before = mean(costs.subList(steps - 2 * WINDOW, steps - WINDOW));
        return !(last < STILL_FALLING * before) || steps >= MOST_STEPS;         // a step without answers costs NaN or infinity
    }

    private static double mean(List<Double> costs) {
        return costs.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
