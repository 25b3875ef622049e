package io.selvage.perf.cli;

import io.selvage.perf.input.Complaint;
import io.selvage.perf.load.Generator;
import io.selvage.perf.load.Interval;
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

/// Keeps what a command measures: shows it while it runs, writes the logs as it passes, and tells it all in the end, also when
/// the end came early. For one thread; a signal may end it from another.
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
    /// Set by a signal. The signal's thread sets this and then looks for a generator to stop; the command's thread names its
    /// generator and then looks here, so that one of the two stops it.
    private volatile boolean signalled;
    /// The generator at work; written by the command's thread, read when a signal comes.
    private volatile Optional<Generator> driving = Optional.empty();
    /// Why the measuring ended early; empty when it did not.
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

    /// Runs a phase, and writes its intervals to a log when `keep`.
    Measurement drive(Generator generator, Phase phase, boolean keep) throws IOException, InterruptedException {
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

    /// Runs a phase and makes it a line of the report, as `name` within `group`.
    Measurement measure(Generator generator, Phase phase, String group, String name) throws IOException, InterruptedException {
        Measurement measured = drive(generator, phase, true);
        add(Series.of(group, name, measured));
        return measured;
    }

    /// Adds a line to the report.
    void add(Series line) {
        series.add(line);
    }

    /// Adds to what is known of the machine and the programs, unless the value is empty.
    void fact(String name, String value) {
        facts = value.isEmpty() ? facts : facts.with(name, value);
    }

    /// Notes why the measuring ends early; the first reason stays, and an empty one is none.
    void end(String why) {
        trouble = over() ? trouble : why;
    }

    /// Whether something ended the measuring early, so that nothing more should be started.
    boolean over() {
        return !trouble.isEmpty();
    }

    /// Adds a sentence to the report.
    void conclude(String sentence) {
        conclusions.add(sentence);
    }

    /// Prints and writes everything; a complaint afterwards when the measuring ended early.
    void tell(String title) throws Complaint, IOException {
        series.stream().filter(Series::doubtful).forEach(line -> conclusions.add("Do not trust " + line.group() + ", "
                + line.name() + ": the generator itself was late. It needs a quieter machine or more threads."));
        if (over()) {
            conclusions.add("Ended early: " + trouble);
        }
        var report = new Report(title, facts, series, conclusions);
        options.publish(command, report, files);
        if (over()) {
            throw new Complaint(trouble);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException e) {
            // the signal came, and the hook waits for us
        }
        if (files.isPresent()) {
            files.get().close();
        }
    }

    private void append(Generator generator, Interval interval) {
        try {
            if (files.isPresent() && !over()) {
                files.get().append(interval);
            }
        } catch (IOException e) {
            end("the log cannot be written: " + e.getMessage());
            generator.stop();
        }
    }

    private void finishEarly() {
        signalled = true;
        driving.ifPresent(Generator::stop);
        try {
            closed.await(SECONDS_TO_FINISH, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
