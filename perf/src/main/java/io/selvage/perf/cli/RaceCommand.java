package io.selvage.perf.cli;

import io.selvage.perf.input.UserError;
import io.selvage.perf.race.Bench;
import io.selvage.perf.race.Loads;
import io.selvage.perf.race.Pinning;
import io.selvage.perf.race.Race;
import io.selvage.perf.race.Scenario;
import io.selvage.perf.race.ScenarioFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `perf race`: compares several servers under the same work, in turns.
@Command(name = "race", description = "Starts the targets of a scenario and drives them in turns.",
        sortOptions = false)
public final class RaceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1", paramLabel = "SCENARIO.yaml", description = "work and targets")
    private Path file = Path.of("");

    @Option(names = "--targets", split = ",", paramLabel = "NAME", description = "only these of the scenario's targets")
    private List<String> only = new ArrayList<>();

    @Option(names = "--build", paramLabel = "NAME=FOLDER", description =
            "instead of the scenario's targets: its first one, from this "
            + "source folder and with this name; may be repeated")
    private Map<String, Path> builds = new LinkedHashMap<>();

    @Option(names = "--loads", split = ",", paramLabel = "LOAD", description = "instead of the scenario's: saturation, parts of "
            + "the slowest target's peak in percent (20), rates (400/s)")
    private List<String> loads = new ArrayList<>();

    @Option(names = "--rounds", description = "instead of the scenario's, " + Scenario.FEWEST_ROUNDS + " or more")
    private Optional<Integer> rounds = Optional.empty();

    @Option(names = "--round", converter = DurationConverter.class, paramLabel = "TIME",
            description = "length of a round, instead of the scenario's")
    private Optional<Duration> round = Optional.empty();

    @Option(names = "--warm-up", converter = DurationConverter.class, paramLabel = "TIME",
            description = "of each target before its first round (default: until its CPU time per answer has stopped falling, "
            + "two minutes at most)")
    private Optional<Duration> warmUp = Optional.empty();

    @Option(names = "--pin", description =
            "one core for the targets, another one for generator and applications; a throughput that "
            + "the generator has limited is no result then")
    private boolean pin;

    @Option(names = "--wrk", description = "drives the targets with wrk instead of the lab's generator, at saturation only")
    private boolean wrk;

    @Option(names = "--threads", paramLabel = "N", description = "threads of the generator (default: one for each core)")
    private int threads;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        return CommandOutput.exitCode(spec, this::race);
    }

    private void race() throws UserError, IOException, InterruptedException {
        Scenario scenario = scenario();
        var bench = new Bench(wrk, threads, pin ? Optional.of(Pinning.begin()) : Optional.empty());
        // servers that drop root must still be able to read their files
        Path work = Files.createTempDirectory("selvage-race-");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var recording = new Recording(spec, output)) {
            var race = new Race(scenario, bench, recording::drive, work);
            try {
                race.run(places());
            } catch (UserError | IOException e) {
                recording.end(String.valueOf(e.getMessage()));
            }
            recording.fact("targets", race.versions());
            recording.fact("pinned", bench.pinning().map(Pinning::words).orElse(""));
            race.series().forEach(recording::add);
            race.conclusions().forEach(recording::conclude);
            recording.publish(scenario.name() + (scenario.about().isEmpty() ? "" : ": " + scenario.about()));
        } finally {
            delete(work);
        }
    }

    /// The scenario of the file with the changes of the command line.
    private Scenario scenario() throws UserError {
        Scenario written = ScenarioFile.read(file).withOnly(only).withBuilds(builds);
        Scenario.Pace pace = written.pace();
        if (rounds.isPresent() && rounds.get() < Scenario.FEWEST_ROUNDS) {
            throw new UserError("rounds must be " + Scenario.FEWEST_ROUNDS + " or more, not " + rounds.get());
        }
        for (Duration time : Stream.of(round, warmUp).flatMap(Optional::stream).toList()) {
            if (time.isZero() || time.toHours() > 1) {
                throw new UserError("a round and a warm-up must be above 0 and at most an hour");
            }
        }
        Scenario changed = written.withPace(new Scenario.Pace(rounds.orElse(pace.rounds()), round.orElse(pace.round()),
                warmUp.or(pace::warmUp)));
        return loads.isEmpty() ? changed : changed.withLoads(Loads.parse(loads));
    }

    /// The paths of this JVM and of the source folder that contains the scenario.
    private Map<String, String> places() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path folder = file.toAbsolutePath().normalize().getParent();
        Optional<Path> home = Stream.iterate(folder, each -> each != null, Path::getParent)
                .filter(each -> Files.exists(each.resolve("deploy/jvm.options"))).findFirst();
        return home.isPresent() ? Map.of("java", java, "home", home.get().toString()) : Map.of("java", java);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
