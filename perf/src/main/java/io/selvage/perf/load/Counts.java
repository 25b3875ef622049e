package io.selvage.perf.load;

import java.util.EnumMap;
import java.util.Map;

/// What happened to the requests of a stretch of time.
///
/// @param answered right answers, whenever they came
/// @param inTime right answers that came before the phase was over; the rate is made of these
/// @param bytes bytes of body in right answers
/// @param problems how often each kind happened; kinds that did not happen are absent
public record Counts(long answered, long inTime, long bytes, Map<LoadProblem, Long> problems) {
    /// Nothing happened.
    public static final Counts NONE = new Counts(0, 0, 0, Map.of());

    public Counts {
        problems = Map.copyOf(problems);
    }

    /// All problems together.
    public long failed() {
        return problems.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How often `problem` happened.
    public long of(LoadProblem problem) {
        return problems.getOrDefault(problem, 0L);
    }

    /// Both together.
    public Counts plus(Counts other) {
        return combined(other, 1);
    }

    /// What happened since `earlier`.
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
