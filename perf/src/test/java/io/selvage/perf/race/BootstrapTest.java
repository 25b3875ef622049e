package io.selvage.perf.race;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BootstrapTest {
    @Test
    void noiseAroundTheSameMeanIsNoDifference() {
        List<Double> a = noisy(1, 100);
        List<Double> b = noisy(2, 100);
        Bootstrap.Ratio ratio = Bootstrap.ratio(a, b, BootstrapTest::mean);
        assertTrue(ratio.words().endsWith(", no difference"), ratio.words());
        assertEquals(mean(a) / mean(b), ratio.value());
    }

    @Test
    void differenceLargerThanTheNoiseIsFound() {
        Bootstrap.Ratio ratio = Bootstrap.ratio(noisy(1, 130), noisy(2, 100), BootstrapTest::mean);
        assertTrue(ratio.low() > 1.2 && ratio.high() < 1.4, ratio.toString());
        assertFalse(ratio.words().contains("no difference"));
    }

    @Test
    void commonNoiseCancelsOut() {
        List<Double> quietThenBusy = List.of(100.0, 98.0, 40.0, 20.0);
        List<Double> doubled = quietThenBusy.stream().map(value -> 2 * value).toList();
        assertEquals("2.00 (2.00 to 2.00)", Bootstrap.ratio(doubled, quietThenBusy, BootstrapTest::mean).words());
    }

    @Test
    void intervalContainsTheTrueRatioInAbout95Percent() {
        long held = IntStream.range(0, 200).filter(seed -> {
            Bootstrap.Ratio ratio = Bootstrap.ratio(noisy(2 * seed, 100), noisy(2 * seed + 1, 100), BootstrapTest::mean);
            return ratio.low() <= 1 && ratio.high() >= 1;
        }).count();
        assertTrue(held >= 170 && held < 200, held + " of 200");
    }

    @Test
    void zeroDividedByZeroCannotBeDetermined() {
        assertEquals("cannot be determined", Bootstrap.ratio(List.of(0.0), List.of(0.0), BootstrapTest::mean).words());
    }

    private static List<Double> noisy(long seed, double mean) {
        var random = new SplittableRandom(seed);
        return DoubleStream.generate(() -> mean * random.nextDouble(0.9, 1.1)).limit(12).boxed().toList();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
