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

    /// The result of a phase of which only the whole is known: one moment, and response times that are those of the server.
    static Measurement ofWhole(Phase phase, Span span, Histogram response, Counts counts) {
        double seconds = span.measured().toNanos() / 1e9;
        var moment = new Moment(seconds, counts.inTime() / seconds, response.getValueAtPercentile(50),
                response.getValueAtPercentile(99), response.getMaxValue(), counts.failed());
        return new Measurement(phase, span, response, response.copy(), Tally.histogram(), counts, List.of(moment));
    }

    /// Correct answers per second before the end of the phase.
    public double rate() {
        return counts.inTime() / (span.measured().toNanos() / 1e9);
    }
}
