package io.selvage.perf.cli;

import io.selvage.perf.input.Durations;
import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Generator;
import io.selvage.perf.load.KneeSearch;
import io.selvage.perf.load.Load;
import io.selvage.perf.load.Measurement;
import io.selvage.perf.load.Phase;
import io.selvage.perf.load.Setup;
import io.selvage.perf.report.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `perf knee`: finds the highest rate whose 99th percentile stays under a limit.
@Command(name = "knee", description = "Finds the highest rate whose p99 stays under a limit.",
        sortOptions = false)
public final class KneeCommand implements Callable<Integer> {
    private static final double PERCENTILE = 99;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private PhaseOptions phase = new PhaseOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = "--p99", required = true, converter = DurationConverter.class, paramLabel = "TIME",
            description = "the limit, from the intended departure of a request to its answer")
    private Duration bound = Duration.ZERO;

    @Option(names = {"-r", "--rate"}, defaultValue = "100", paramLabel = "PER-SECOND",
            description = "the first rate to try (default: ${DEFAULT-VALUE})")
    private double first;

    @Option(names = "--closeness", defaultValue = "0.05", paramLabel = "PART",
            description = "relative precision of the result (default: ${DEFAULT-VALUE})")
    private double closeness;

    @Override
    public Integer call() {
        return CommandOutput.exitCode(spec, this::search);
    }

    private void search() throws UserError, IOException, InterruptedException {
        Setup setup = load.setup();
        KneeSearch search = begin();
        try (var generator = new Generator(setup); var recording = new Recording(spec, output)) {
            phase.warmUp(generator, recording, new Load.Open(first));
            int trial = 1;
            for (Optional<Double> rate = search.next(); rate.isPresent() && !recording.isEnded(); rate = search.next()) {
                String name = "trial " + trial++ + " at " + Figures.number(rate.get());
                Phase tried = phase.phase(name, new Load.Open(rate.get()));
                search.record(holds(recording.measure(generator, tried, "trial", name)));
            }
            if (!recording.isEnded()) {
                recording.conclude(conclusion(search));
            }
            recording.publish("Knee of " + setup.destination() + ", " + setup.connections() + " connections");
        }
    }

    private KneeSearch begin() throws UserError {
        try {
            return new KneeSearch(first, closeness);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private boolean holds(Measurement measured) {
        return measured.counts().failed() == 0 && measured.response().getValueAtPercentile(PERCENTILE) <= bound.toNanos();
    }

    private String conclusion(KneeSearch search) {
        return search.knee()
                .map(rate -> "The knee: " + Figures.number(rate) + " per second with a p99 under " + Durations.print(bound)
                        + " and no error.")
                .orElse("No rate held a p99 under " + Durations.print(bound) + " without errors.");
    }
}
