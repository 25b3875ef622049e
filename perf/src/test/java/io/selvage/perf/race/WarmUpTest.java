package io.selvage.perf.race;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class WarmUpTest {
    @Test
    void constantCostEndsAfterTwoWindows() {
        assertEquals(8, steps(_ -> 13));
    }

    @Test
    void fallingCostContinuesUntilItNoLongerFalls() {
        assertEquals(20, steps(step -> step < 12 ? 100 - 4 * step : 50), "the last four steps cost as much as the four before");
    }

    @Test
    void varyingCostEndsAsConstantCostDoes() {
        assertEquals(8, steps(step -> step % 2 == 0 ? 90 : 110));
    }

    @Test
    void costThatFallsForEverEndsAfterTwoMinutes() {
        assertEquals(60, steps(step -> Math.pow(0.9, step)));
    }

    @Test
    void stepsWithoutAnswersEndAsConstantCostDoes() {
        assertEquals(8, steps(_ -> Double.NaN));
        assertEquals(8, steps(_ -> Double.POSITIVE_INFINITY));
    }

    private static int steps(IntToDoubleFunction cost) {
        List<Double> costs = new ArrayList<>();
        while (!WarmUp.isOver(costs)) {
            costs.add(cost.applyAsDouble(costs.size()));
        }
        return costs.size();
    }
}
