package io.selvage.perf.cli;

import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Interval;
import io.selvage.perf.load.LoadGenerator;
import io.selvage.perf.load.Measurement;
import io.selvage.perf.load.Phase;
import io.selvage.perf.report.ProgressLine;
import io.selvage.perf.report.Report;
import io.selvage.perf.report.ReportFacts;
import io.selvage.perf.report.ResultFiles;
import io.selvage.perf.report.Series;
import java.io.Console;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;

/// Records the measurements of a command: shows progress, writes the logs during the run, and publishes the report at the end,
/// even after an early end. For one thread; a signal may end it from another.
final class Recording implements AutoCloseable {
    private static final int SECONDS_TO_FINISH = 10;

    private final CommandSpec command;
    private final OutputOptions options;
    private ReportFacts facts;
    private final ProgressLine progress;
    private final Optional<ResultFiles> files;
    private final List<Series> series = new ArrayList<>();
    private final List<String> conclusions = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread onSignal = Thread.ofPlatform().unstarted(this::finishEarly);
    /// Set by a signal. The thread of the signal sets this and then reads `driving`; the command's thread sets `driving` and then
    /// reads this. So at least one of them stops the generator.
    private volatile boolean signalled;
    /// The running generator. Written by the command's thread, read by the thread of the signal.
    private volatile Optional<LoadGenerator> driving = Optional.empty();
    /// The reason of an early end; empty if there is none.
    private String trouble = "";

    Recording(CommandSpec command, OutputOptions options) throws IOException {
        this.command = command;
        this.options = options;
        facts = OutputOptions.facts(command);
        Console console = System.console();
        progress = new ProgressLine(System.err, console != null && console.isTerminal());
        files = options.files();
        Runtime.getRuntime().addShutdownHook(onSignal);
    }

    /// Runs a phase, and writes its intervals to a log if `keep`.
    Measurement drive(LoadGenerator generator, Phase phase, boolean keep) throws IOException, InterruptedException {
        driving = Optional.of(generator);
        if (signalled) {
            generator.stop();
        }
        try {
            Measurement measured = generator.run(phase, interval -> {
                progress.show(interval);
                if (keep) {
                    append(generator, interval);
                }
            });
            end(measured.span().cutShort());
            return measured;
        } finally {
            driving = Optional.empty();
            progress.erase();
        }
    }

    /// Runs a phase and adds it to the report, as `name` within `group`.
    Measurement measure(LoadGenerator generator, Phase phase, String group, String name)
            throws IOException, InterruptedException {
        Measurement measured = drive(generator, phase, true);
        add(Series.of(group, name, measured));
        return measured;
    }

    /// Adds a line to the report.
    void add(Series line) {
        series.add(line);
    }

    /// Adds a fact about the machine or the programs, unless the value is empty.
    void fact(String name, String value) {
        facts = value.isEmpty() ? facts : facts.with(name, value);
    }

    /// Ends the measurement early. The first reason counts; an empty one is ignored.
    void end(String why) {
        trouble = isEnded() ? trouble : why;
    }

    /// True if the measurement has ended early, so that no phase should be started.
    boolean isEnded() {
        return !trouble.isEmpty();
    }

    /// Adds a sentence to the report.
    void conclude(String sentence) {
        conclusions.add(sentence);
    }

    /// Prints and writes the report.
    ///
    /// @throws UserError with the reason, after that, if the measurement ended early
    void publish(String title) throws UserError, IOException {
        series.stream().filter(Series::doubtful).forEach(line -> conclusions.add("Do not trust " + line.group() + ", "
                + line.name() + ": the generator itself was late. It needs a quieter machine or more threads."));
        if (isEnded()) {
            conclusions.add("Ended early: " + trouble);
        }
        var report = new Report(title, facts, series, conclusions);
        options.publish(command, report, files);
        if (isEnded()) {
            throw new UserError(trouble);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // a signal has arrived, and the hook waits for this method
        }
        if (files.isPresent()) {
            files.get().close();
        }
    }

    private void append(LoadGenerator generator, Interval interval) {
        try {
            if (files.isPresent() && !isEnded()) {
                files.get().append(interval);
            }
        } catch (IOException e) {
            end("the log cannot be written: " + e.getMessage());
            generator.stop();
        }
    }

    private void finishEarly() {
        signalled = true;
        driving.ifPresent(LoadGenerator::stop);
        try {
            closed.await(SECONDS_TO_FINISH, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
