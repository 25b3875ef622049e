package io.selvage.perf.race;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// The 95 % confidence interval of a ratio, by the bootstrap: rounds are drawn repeatedly with replacement, and the interval
/// holds the middle 95 % of the resulting ratios. Both sides of round `i` are drawn together, because they ran one after the
/// other on the same machine. Pure: the same rounds give the same interval.
final class Bootstrap {
    private static final int DRAWS = 1_000;
    private static final double OUTSIDE = 0.025;
    private static final long SEED = 20_260_101;

    private Bootstrap() {
    }

    /// The ratio of one figure of two targets, with its interval.
    record Ratio(double low, double value, double high) {
        /// `1.04 (0.98 to 1.11), no difference`; without `no difference` if the interval does not include 1.
        String words() {
            if (!Double.isFinite(low) || !Double.isFinite(value) || !Double.isFinite(high)) {
                return "cannot be determined";
            }
            String text = String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", value, low, high);
            return low <= 1 && high >= 1 ? text + ", no difference" : text;
        }
    }

    /// The ratio of `figure` over the rounds of `a` to that over the rounds of `b`; both lists are equally long.
    static <T> Ratio ratio(List<T> a, List<T> b, ToDoubleFunction<List<T>> figure) {
        if (a.size() != b.size() || a.isEmpty()) {
            throw new IllegalArgumentException("rounds must be paired, not " + a.size() + " and " + b.size());
        }
        var random = new SplittableRandom(SEED);
        double[] ratios = new double[DRAWS];
        for (int draw = 0; draw < DRAWS; draw++) {
            var someA = new ArrayList<T>();
            var someB = new ArrayList<T>();
            for (int i = 0; i < a.size(); i++) {
                int drawn = random.nextInt(a.size());
                someA.add(a.get(drawn));
                someB.add(b.get(drawn));
            }
            ratios[draw] = figure.applyAsDouble(someA) / figure.applyAsDouble(someB);
        }
        Arrays.sort(ratios);
        return new Ratio(ratios[(int) (DRAWS * OUTSIDE)], figure.applyAsDouble(a) / figure.applyAsDouble(b),
                ratios[(int) (DRAWS * (1 - OUTSIDE)) - 1]);
    }
}
