package io.selvage.perf.load;

import java.time.Duration;
import java.time.Instant;
import org.HdrHistogram.Histogram;

/// The results of about one second of a phase. The histograms are in nanoseconds, and valid only during the call that receives
/// the interval.
///
/// @param from its beginning, counted from the start of the phase
/// @param to its end, counted likewise
/// @param response times from the intended departure to the complete answer
/// @param service times from the real departure to the complete answer
public record Interval(Phase phase, Instant phaseStart, Duration from, Duration to, Histogram response, Histogram service,
                       Counts counts) {
}
