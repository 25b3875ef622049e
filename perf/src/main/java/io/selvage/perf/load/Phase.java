package io.selvage.perf.load;

import java.time.Duration;

/// A stretch of load with a name. [Load.Once] ignores the duration.
public record Phase(String name, Load load, Duration duration) {
    public Phase {
        if (duration.isNegative() || duration.isZero() || duration.toDays() > 1) {
            throw new IllegalArgumentException("a phase lasts between nothing and a day, not " + duration);
        }
    }
}
