package io.selvage.perf.load;

/// When request `n` should leave, in nanoseconds from the start of the phase. Pure: no clock, no thread. Never decreasing.
@FunctionalInterface
public interface Schedule {
    /// Nanoseconds from the start to the intended departure of request `n`, counted from 0.
    long sendAt(long n);

    /// Evenly spaced requests. Each departure is computed from `n` alone, so that rounding never adds up.
    static Schedule constant(double perSecond) {
        if (!(perSecond > 0) || perSecond > 1e9) {
            throw new IllegalArgumentException("a rate lies between 0 and 1,000,000,000 per second, not " + perSecond);
        }
        return n -> (long) (n * 1e9 / perSecond);
    }
}
