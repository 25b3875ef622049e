package io.selvage.perf.load;

/// The intended departure of request `n`, in nanoseconds from the start of the phase. A pure, non-decreasing function.
@FunctionalInterface
public interface Schedule {
    /// Nanoseconds from the start to the intended departure of request `n`, counted from 0.
    long sendAt(long n);

    /// Evenly spaced requests. Each departure is computed from `n` alone, so rounding errors do not accumulate.
    static Schedule constant(double perSecond) {
        if (!(perSecond > 0) || perSecond > 1e9) {
            throw new IllegalArgumentException("a rate must be above 0 and at most 1,000,000,000 per second, not " + perSecond);
        }
        return n -> (long) (n * 1e9 / perSecond);
    }
}
