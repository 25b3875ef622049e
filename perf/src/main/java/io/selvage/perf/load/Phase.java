package io.selvage.perf.load;

import java.time.Duration;

/// A load with a name and a duration. [Load.Once] ignores the duration.
public record Phase(String name, Load load, Duration duration) {
    public Phase {
        if (duration.isNegative() || duration.isZero() || duration.toDays() > 1) {
            throw new IllegalArgumentException("a phase must last at most a day, not " + duration);
        }
    }
}
