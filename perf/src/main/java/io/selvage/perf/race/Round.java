package io.selvage.perf.race;

import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Measurement;
import io.selvage.perf.load.Measurement.Moment;
import io.selvage.perf.report.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/// One round of one target. Figures of several rounds come from their sums, never from averages.
///
/// @param cpuNanos CPU time of the process tree of the target
/// @param labNanos CPU time of the lab: the generator and the application behind the target
/// @param nanos the time in which these were used
record Round(Measurement measured, long cpuNanos, long labNanos, long nanos) {
    private static final double NANOS_PER_MICRO = 1e3;
    /// A core that is busy for this share is the limit of a race, unless the other one is busier than [#LIMITED].
    private static final double LIMIT = 0.90;
    private static final double LIMITED = 0.95;

    /// Correct answers per second before the end of the phase.
    static double rate(List<Round> rounds) {
        double seconds = rounds.stream().mapToDouble(round -> round.measured.span().measured().toNanos() / 1e9).sum();
        return rounds.stream().mapToLong(round -> round.measured.counts().inTime()).sum() / seconds;
    }

    /// CPU microseconds for each correct answer.
    static double cpuPerAnswer(List<Round> rounds) {
        return rounds.stream().mapToLong(Round::cpuNanos).sum() / NANOS_PER_MICRO / counts(rounds).answered();
    }

    /// How busy the target was: 1 for one core all the time.
    static double targetBusy(List<Round> rounds) {
        return (double) rounds.stream().mapToLong(Round::cpuNanos).sum() / rounds.stream().mapToLong(Round::nanos).sum();
    }

    /// How busy the generator was, together with the application behind the target.
    static double labBusy(List<Round> rounds) {
        return (double) rounds.stream().mapToLong(Round::labNanos).sum() / rounds.stream().mapToLong(Round::nanos).sum();
    }

    /// True if the throughput is that of the generator and not of the target, where each has one core.
    static boolean isLimitedByLab(List<Round> rounds) {
        return labBusy(rounds) >= LIMIT && targetBusy(rounds) < LIMITED;
    }

    /// The 99th percentile of all rounds together, in nanoseconds from the intended departure.
    static double p99(List<Round> rounds) {
        return sum(rounds, Measurement::response).getValueAtPercentile(99);
    }

    /// All rounds of `name` in `group` as one series of the report, with these figures and the CPU time.
    ///
    /// @param pinned true to show how busy the cores of target and lab were
    static Series series(String group, String name, List<Round> rounds, Map<String, Double> more, boolean pinned) {
        var moments = new ArrayList<Moment>();
        double offset = 0;
        for (Round round : rounds) {
            double seconds = round.measured.span().measured().toNanos() / 1e9;
            double begin = 0;
            for (Moment moment : round.measured.moments()) {
                // the few answers after the end would look like a further second
                if (begin < seconds || moment.failed() > 0) {
                    moments.add(new Moment(offset + moment.atSeconds(), moment.perSecond(), moment.p50(), moment.p99(),
                            moment.max(), moment.failed()));
                }
                begin = moment.atSeconds();
            }
            offset += seconds;
        }
        var figures = new LinkedHashMap<String, Double>();
        figures.put("CPU µs per answer", cpuPerAnswer(rounds));
        figures.putAll(more);
        if (pinned) {
            figures.put("target core %", 100 * targetBusy(rounds));
            figures.put("generator core %", 100 * labBusy(rounds));
        }
        figures.put(Series.LAG, sum(rounds, Measurement::lag).getValueAtPercentile(99) / NANOS_PER_MICRO);
        return new Series(group, name, rate(rounds), sum(rounds, Measurement::response), sum(rounds, Measurement::service),
                counts(rounds), moments, figures);
    }

    private static Counts counts(List<Round> rounds) {
        return rounds.stream().map(round -> round.measured.counts()).reduce(Counts.NONE, Counts::plus);
    }

    private static Histogram sum(List<Round> rounds, Function<Measurement, Histogram> which) {
        var sum = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
        rounds.forEach(round -> sum.add(which.apply(round.measured)));
        return sum;
    }
}
