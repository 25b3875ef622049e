package io.selvage.perf.load;

import java.util.Optional;

/// Looks for the highest rate that holds: upwards by doubling until one does not (or downwards until one does), then between
/// the two until they are close. Pure: it says which rate to try and is told whether it held.
public final class KneeSearch {
    private static final double LOWEST = 1;
    private static final double HIGHEST = 10_000_000;

    private final double closeness;
    private double next;
    /// The highest rate known to hold; 0 while none is.
    private double held;
    /// The lowest rate known not to hold.
    private double broke = Double.POSITIVE_INFINITY;

    /// Begins at `first` requests per second and ends when the answer is known to a part of `closeness`, such as 0.05.
    public KneeSearch(double first, double closeness) {
        if (!(first >= LOWEST && first <= HIGHEST)) {
            throw new IllegalArgumentException("the first rate lies between 1 and 10,000,000, not " + first);
        }
        if (!(closeness >= 0.001 && closeness <= 0.5)) {
            throw new IllegalArgumentException("the closeness lies between 0.001 and 0.5, not " + closeness);
        }
        this.next = first;
        this.closeness = closeness;
    }

    /// The rate to try next; nothing when the search is over.
    public Optional<Double> next() {
        boolean close = held > 0 && broke <= held * (1 + closeness);
        boolean beyond = held >= HIGHEST || broke <= LOWEST;
        return close || beyond ? Optional.empty() : Optional.of(next);
    }

    /// Whether the rate that [#next] named held.
    public void tell(boolean didHold) {
        if (didHold) {
            held = next;
        } else {
            broke = next;
        }
        if (held == 0) {
            next = Math.max(broke / 2, LOWEST);
        } else if (Double.isInfinite(broke)) {
            next = Math.min(held * 2, HIGHEST);
        } else {
            next = Math.sqrt(held * broke);
        }
    }

    /// The highest rate that held; nothing when none did.
    public Optional<Double> knee() {
        return held > 0 ? Optional.of(held) : Optional.empty();
    }
}
