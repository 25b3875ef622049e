package io.selvage.perf.load;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;

/// The result of a phase. Histograms are in nanoseconds; the caller owns them.
///
/// @param span start and duration
/// @param response times from the intended departure to the complete answer: what a user would see
/// @param service times from the real departure to the complete answer: what the server took
/// @param lag how late requests left although a connection was free: the error of the generator
/// @param moments the course of the phase, about one a second
public record Measurement(Phase phase, Span span, Histogram response, Histogram service, Histogram lag, Counts counts,
        List<Moment> moments) {
    /// @param measured the duration of the phase, or less after an early end
    /// @param cutShort the reason of an early end; empty if there is none
    public record Span(Instant started, Duration measured, String cutShort) {
    }

    /// The figures of one second of a phase. Times are in nanoseconds from the intended departure.
    public record Moment(double atSeconds, double perSecond, long p50, long p99, long max, long failed) {
    }

    public Measurement {
        moments = List.copyOf(moments);
    }

    /// Correct answers per second before the end of the phase.
    public double rate() {
        return counts.inTime() / (span.measured().toNanos() / 1e9);
    }
}
