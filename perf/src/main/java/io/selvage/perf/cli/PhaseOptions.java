package io.selvage.perf.cli;

import io.selvage.perf.load.Generator;
import io.selvage.perf.load.Load;
import io.selvage.perf.load.Phase;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Option;

/// The options of `run` and `knee` for the duration of measurement and warm-up.
final class PhaseOptions {
    @Option(names = {"-d", "--duration"}, defaultValue = "10s", converter = DurationConverter.class,
            description = "length of each measurement (default: ${DEFAULT-VALUE})")
    private Duration duration = Duration.ZERO;

    @Option(names = {"-w", "--warm-up"}, defaultValue = "2s", converter = DurationConverter.class,
            description = "the first load before all measurements, not measured (default: ${DEFAULT-VALUE})")
    private Duration warmUp = Duration.ZERO;

    /// A measurement of `load`.
    Phase phase(String name, Load load) {
        return new Phase(name, load, duration);
    }

    /// Drives the server with `load` for the warm-up time, unless that is zero.
    void warmUp(Generator generator, Recording recording, Load load) throws IOException, InterruptedException {
        if (!warmUp.isZero()) {
            recording.drive(generator, new Phase("warm-up", load, warmUp), false);
        }
    }
}
