package io.selvage.perf.report;

import io.selvage.perf.load.Interval;
import io.selvage.perf.load.Load;
import java.io.PrintStream;
import java.time.Duration;

/// A line that shows the progress of a phase, rewritten every second. Writes nothing if `terminal` is false.
public final class ProgressLine {
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;

    /// Writes to `out` if that is a terminal.
    public ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// Shows this interval.
    public void show(Interval interval) {
        if (terminal) {
            out.print(ERASE + text(interval));
            out.flush();
        }
    }

    /// Removes the line.
    public void erase() {
        if (terminal) {
            out.print(ERASE);
            out.flush();
        }
    }

    /// Rate, median, 99th percentile, errors and time left.
    static String text(Interval interval) {
        Duration passed = interval.to().minus(interval.from());
        Duration left = interval.phase().load() instanceof Load.Once
                ? Duration.ZERO : interval.phase().duration().minus(interval.to());
        double perSecond = interval.counts().answered() / (passed.toNanos() / 1e9);
        return interval.phase().name() + "  " + Figures.number(perSecond)
                + "/s  p50 " + Figures.time(interval.response().getValueAtPercentile(50))
                + "  p99 " + Figures.time(interval.response().getValueAtPercentile(99))
                + "  " + interval.counts().failed() + " errors  " + Math.max(0, left.toSeconds()) + " s left";
    }
}
