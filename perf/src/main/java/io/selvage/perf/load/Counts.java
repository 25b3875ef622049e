package io.selvage.perf.load;

import java.util.EnumMap;
import java.util.Map;

/// The results of the requests within a period.
///
/// @param answered correct answers, at any time
/// @param inTime correct answers before the end of the phase; the rate is computed from these
/// @param bytes bytes of body in correct answers
/// @param problems the number of errors of each kind that occurred
public record Counts(long answered, long inTime, long bytes, Map<LoadProblem, Long> problems) {
    /// No results.
    public static final Counts NONE = new Counts(0, 0, 0, Map.of());

    public Counts {
        problems = Map.copyOf(problems);
    }

    /// The number of all errors.
    public long failed() {
        return problems.values().stream().mapToLong(Long::longValue).sum();
    }

    /// The number of errors of this kind.
    public long of(LoadProblem problem) {
        return problems.getOrDefault(problem, 0L);
    }

    /// The sum of both.
    public Counts plus(Counts other) {
        return combined(other, 1);
    }

    /// The results since `earlier`.
    public Counts minus(Counts earlier) {
        return combined(earlier, -1);
    }

    private Counts combined(Counts other, int sign) {
        var sum = new EnumMap<LoadProblem, Long>(LoadProblem.class);
        for (LoadProblem each : LoadProblem.values()) {
            long count = of(each) + sign * other.of(each);
            if (count != 0) {
                sum.put(each, count);
            }
        }
        return new Counts(answered + sign * other.answered, inTime + sign * other.inTime, bytes + sign * other.bytes, sum);
    }
}
