package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SamplesIT {
    private static final Path SAMPLES = SelvageProcess.ROOT.resolve("deploy/samples");

    @ParameterizedTest
    @MethodSource("configurations")
    void everySampleLoads(Path configuration) throws Exception {
        try (var check = SelvageProcess.run(SAMPLES, List.of(), "check", "-c", configuration.toString())) {
            assertEquals(0, check.awaitExit(), () -> String.join("\n", check.lines()));
        }
    }

    static Stream<Path> configurations() throws IOException {
        try (Stream<Path> files = Files.walk(SAMPLES)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".conf")
                    && !file.startsWith(SAMPLES.resolve("supervisor"))).sorted().toList();
            assertEquals(5, found.size());
            return found.stream();
        }
    }
}
