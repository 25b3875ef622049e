package io.selvage.perf.cli;

import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Generator;
import io.selvage.perf.load.Load;
import io.selvage.perf.load.Phase;
import io.selvage.perf.load.Setup;
import io.selvage.perf.report.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `perf run`: measures one server under one load, or under several rates in sequence.
@Command(name = "run", description = "Drives a server and reports its latencies.", sortOptions = false)
public final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private PhaseOptions phase = new PhaseOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Option(names = {"-r", "--rate"}, split = ",", paramLabel = "PER-SECOND", description = "requests per second, whatever the "
            + "server does; several rates run in sequence. Without a rate each connection sends as fast as it gets answers")
    private List<Double> rates = new ArrayList<>();

    @Override
    public Integer call() {
        return CommandOutput.exitCode(spec, this::run);
    }

    private void run() throws UserError, IOException, InterruptedException {
        Setup setup = load.setup();
        List<Phase> phases = phases();
        try (var generator = new Generator(setup); var recording = new Recording(spec, output)) {
            phase.warmUp(generator, recording, phases.getFirst().load());
            for (Phase each : phases) {
                if (!recording.isEnded()) {
                    recording.measure(generator, each, "load", each.name());
                }
            }
            if (rates.isEmpty()) {
                recording.conclude("A closed loop: the server set the pace, so these times do not show what waiting users would "
                        + "see. Use --rate for that.");
            }
            recording.publish(setup.destination() + ", " + setup.connections() + " connections");
        }
    }

    private List<Phase> phases() throws UserError {
        try {
            if (rates.isEmpty()) {
                return List.of(phase.phase("saturation", new Load.Closed()));
            }
            return rates.stream().map(rate -> phase.phase(Figures.rate(rate) + " per s", new Load.Open(rate))).toList();
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }
}
