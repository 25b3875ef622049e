package io.selvage.perf.load;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;

/// What a phase measured. Histograms are in nanoseconds and belong to the reader.
///
/// @param span when it was measured, and for how long
/// @param response times from the intended departure to the complete answer: what a user would have felt
/// @param service times from the real departure to the complete answer: what the server took
/// @param lag how late requests left although a connection was free: the generator's own error
/// @param moments the course of the phase, about one a second
public record Measurement(Phase phase, Span span, Histogram response, Histogram service, Histogram lag, Counts counts,
        List<Moment> moments) {
    /// @param measured the duration of the phase, or less when it was cut short
    /// @param cutShort why it ended early; empty when it did not
    public record Span(Instant started, Duration measured, String cutShort) {
    }

    /// A second of a phase in a few figures; times in nanoseconds, from the intended departure.
    public record Moment(double atSeconds, double perSecond, long p50, long p99, long max, long failed) {
    }

    public Measurement {
        moments = List.copyOf(moments);
    }

    /// Right answers per second that came in time.
    public double rate() {
        return counts.inTime() / (span.measured().toNanos() / 1e9);
    }
}
