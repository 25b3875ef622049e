package io.selvage.perf.race;

import io.selvage.perf.load.LoadGenerator;
import io.selvage.perf.load.LoadProblem;
import io.selvage.perf.load.Measurement;
import io.selvage.perf.load.Phase;
import io.selvage.perf.report.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Starts other servers with the shipped configurations and sends a few requests. Measures nothing.
class RealTargetsTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"static-16k", "gzip-16k", "proxy-small", "uwsgi-small", "overload-sync", "tls-resumed",
        "http2-proxy"})
    void shippedConfigurationsGiveTheSameAnswer(String name) throws Exception {
        Scenario shipped = ScenarioFile.read(Path.of("scenarios", name + ".yaml"));
        List<String> others = shipped.targets().stream().map(Scenario.Entrant::name)
                .filter(target -> !target.startsWith("selvage")).toList();
        others.forEach(Installed::assume);
        if (shipped.work().streams() > 0) {
            Installed.assume("h2load");
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var race = new Race(small(shipped.withOnly(others)), Bench.DEFAULT, (generator, phase, _) -> answered(generator, phase),
                folder);
        race.run(Map.of());
        assertEquals(others.size(), race.series().size());
        for (Series each : race.series()) {
            assertTrue(each.counts().answered() > 0, each.name() + ": " + each.counts());
            assertEquals(0, each.counts().of(LoadProblem.WRONG_STATUS) + each.counts().of(LoadProblem.WRONG_LENGTH)
                    + each.counts().of(LoadProblem.MALFORMED), each.name() + ": " + each.counts());
        }
    }

    /// Runs a phase. If it is too short for an answer on a busy machine, runs one that is twice as long, and so on.
    private static Measurement answered(LoadGenerator generator, Phase phase) throws IOException, InterruptedException {
        Measurement measured = generator.run(phase, _ -> { });
        if (measured.counts().answered() > 0 || phase.duration().compareTo(LONGEST) > 0) {
            return measured;
        }
        return answered(generator, new Phase(phase.name(), phase.load(), phase.duration().multipliedBy(2)));
    }

    private static Scenario small(Scenario scenario) {
        var none = new Scenario.Idle(0, Duration.ofMillis(1));
        var pace = new Scenario.Pace(3, Duration.ofMillis(100), Optional.of(Duration.ofMillis(40)));
        Scenario.Work work = scenario.work();
        var few = new Scenario.Work(work.request(), 2, work.streams(), work.close(), work.tls(), work.files(), work.peer(),
                Duration.ofSeconds(20));
        return new Scenario(scenario.name(), "", few, none, 1, loads(work), pace,
                scenario.targets());
    }

    private static Loads loads(Scenario.Work work) {
        return work.streams() > 0 ? new Loads(true, List.of(), List.of()) : new Loads(false, List.of(), List.of(50L));
    }
}
