package io.selvage.perf.load;

import java.util.EnumMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/// The results of one event loop in one phase. Written by that loop alone, read at any time by the thread that runs the phase.
final class Tally {
    /// The maximum recorded value: one hour in nanoseconds.
    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;
    private static final int ANSWERED = LoadProblem.count();
    private static final int IN_TIME = ANSWERED + 1;
    private static final int BYTES = ANSWERED + 2;

    private final SingleWriterRecorder response = new SingleWriterRecorder(LONGEST, DIGITS);
    private final SingleWriterRecorder service = new SingleWriterRecorder(LONGEST, DIGITS);
    private final SingleWriterRecorder lag = new SingleWriterRecorder(LONGEST, DIGITS);
    private final AtomicLongArray counts = new AtomicLongArray(BYTES + 1);

    static Histogram histogram() {
        return new Histogram(LONGEST, DIGITS);
    }

    /// Records that a request left this many nanoseconds later than possible: the error of the generator.
    void left(long lagNanos) {
        lag.recordValue(clamp(lagNanos));
    }

    /// Records a complete and correct answer.
    void answered(long responseNanos, long serviceNanos, long bytes, boolean inTime) {
        response.recordValue(clamp(responseNanos));
        service.recordValue(clamp(serviceNanos));
        add(ANSWERED, 1);
        add(BYTES, bytes);
        if (inTime) {
            add(IN_TIME, 1);
        }
    }

    void failed(LoadProblem problem) {
        add(problem.ordinal(), 1);
    }

    /// The counters so far.
    Counts counts() {
        var problems = new EnumMap<LoadProblem, Long>(LoadProblem.class);
        for (LoadProblem each : LoadProblem.values()) {
            if (counts.get(each.ordinal()) > 0) {
                problems.put(each, counts.get(each.ordinal()));
            }
        }
        return new Counts(counts.get(ANSWERED), counts.get(IN_TIME), counts.get(BYTES), problems);
    }

    /// Adds the values recorded since the last drain to these histograms. For one reading thread.
    void drainTo(Histogram responses, Histogram services, Histogram lags) {
        responses.add(response.getIntervalHistogram());
        services.add(service.getIntervalHistogram());
        lags.add(lag.getIntervalHistogram());
    }

    private void add(int index, long count) {
        counts.setRelease(index, counts.getPlain(index) + count);
    }

    private static long clamp(long nanos) {
        return Math.clamp(nanos, 0, LONGEST);
    }
}
