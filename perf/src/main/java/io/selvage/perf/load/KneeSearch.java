package io.selvage.perf.load;

import java.util.Optional;

/// Searches for the highest rate that a server holds: doubles the rate until one fails (or halves it until one holds), then
/// bisects until both are close. Pure: it names the rate to try, and the caller reports whether the server held it.
public final class KneeSearch {
    private static final double LOWEST = 1;
    private static final double HIGHEST = 10_000_000;

    private final double closeness;
    private double next;
    /// The highest rate known to hold; 0 if none.
    private double held;
    /// The lowest rate known not to hold.
    private double broke = Double.POSITIVE_INFINITY;

    /// @param first the first rate, in requests per second
    /// @param closeness the relative precision of the result, such as 0.05
    public KneeSearch(double first, double closeness) {
        if (!(first >= LOWEST && first <= HIGHEST)) {
            throw new IllegalArgumentException("the first rate must be between 1 and 10,000,000, not " + first);
        }
        if (!(closeness >= 0.001 && closeness <= 0.5)) {
            throw new IllegalArgumentException("the closeness must be between 0.001 and 0.5, not " + closeness);
        }
        this.next = first;
        this.closeness = closeness;
    }

    /// The rate to try next; empty if the search has ended.
    public Optional<Double> next() {
        boolean close = held > 0 && broke <= held * (1 + closeness);
        boolean beyond = held >= HIGHEST || broke <= LOWEST;
        return close || beyond ? Optional.empty() : Optional.of(next);
    }

    /// Records whether the server held the rate named by [#next].
    public void record(boolean isHeld) {
        if (isHeld) {
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

    /// The highest rate that held; empty if none did.
    public Optional<Double> knee() {
        return held > 0 ? Optional.of(held) : Optional.empty();
    }
}
