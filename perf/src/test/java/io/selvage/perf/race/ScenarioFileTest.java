package io.selvage.perf.race;

import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ScenarioFileTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeTargets() throws IOException {
        Files.writeString(folder.resolve("targets.yaml"), "targets: [{name: a, command: [x]}, {name: b, command: [y]}]");
        Files.writeString(folder.resolve("c.conf"), "");
    }

    static Stream<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("scenarios"))) {
            return files.filter(file -> file.toString().endsWith(".yaml") && !file.endsWith("targets.yaml")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedScenarioLoads(Path file) throws UserError {
        Scenario scenario = ScenarioFile.read(file);
        assertEquals("selvage", scenario.targets().getFirst().name());
        assertFalse(scenario.about().isEmpty());
    }

    @Test
    void omittedKeysHaveDefaults() throws Exception {
        Scenario scenario = read("""
                request: {path: /}
                load: {saturation: true}
                targets: {b: c.conf, a: c.conf}
                """);
        assertEquals(64, scenario.work().connections());
        assertEquals(new Scenario.Pace(7, Duration.ofMillis(1500), Optional.empty()), scenario.pace());
        assertEquals(1, scenario.starts());
        assertEquals(new TestPeer.Spec.None(), scenario.work().peer());
        assertEquals(List.of("b", "a"), scenario.targets().stream().map(Scenario.Entrant::name).toList());
        assertEquals(List.of("a"), scenario.withOnly(List.of("a")).targets().stream().map(Scenario.Entrant::name).toList());
        assertEquals("the scenario s has no target \"c\"",
                assertThrows(UserError.class, () -> scenario.withOnly(List.of("c"))).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            conections: 5                     | s.yaml:4:1: unknown key "conections" (did you mean "connections"?)
            rounds: 2                         | s.yaml:4:9: "rounds" needs a whole number of 3 or more, got "2"
            round: soon                       | s.yaml:4:8: "round": "soon" is not a duration; write 250ms, 10s or 1m
            round: 0s                         | s.yaml:4:8: "round" must be above 0 and at most an hour
            close: perhaps                    | s.yaml:4:8: "close" must be true or false, not "perhaps"
            peer: {kind: ftp}                 | s.yaml:4:14: "kind" is http, uwsgi or sync, not "ftp"
            peer: {kind: http, delay: 1s}     | s.yaml:4:20: unknown key "delay"
            files: {../x: 5}                  | s.yaml:4:15: "../x" is not a plain file name
            files: {x: 99999999999}           | s.yaml:4:12: a file is at most 1073741824 bytes
            """)
    void mistakeIsReportedWithItsPosition(String line, String message) {
        assertRejected(message, """
                request: {path: /}
                load: {saturation: true}
                targets: {a: c.conf}
                """ + line);
    }

    @Test
    void contradictoryScenariosAreRejected() {
        assertRejected("s.yaml:2:17: \"percent\" refers to the peak, which needs \"saturation: true\"", """
                request: {path: /}
                load: {percent: [50]}
                targets: {a: c.conf}""");
        assertRejected("s.yaml:3:10: \"streams\" allows \"saturation\" only", """
                request: {path: /}
                load: {saturation: true, percent: [20]}
                streams: 100
                targets: {a: c.conf}
                """);
        assertRejected("s.yaml:2:6: \"tls\" is none, full or resumed", """
                request: {path: /}
                tls: on
                load: {saturation: true}
                targets: {a: c.conf}
                """);
        assertRejected("s.yaml:2:7: \"load\" needs \"saturation: true\" or \"rates\"", """
                request: {path: /}
                load: {saturation: false}
                targets: {a: c.conf}""");
        assertRejected("s.yaml:3:14: no target \"z\" in targets.yaml", """
                request: {path: /}
                load: {rates: [5]}
                targets: {z: c.conf}""");
        assertRejected("s.yaml:3:14: no file \"d.conf\" beside the scenario", """
                request: {path: /}
                load: {rates: [5]}
                targets: {a: d.conf}""");
        assertRejected("s.yaml:1:26: the test peers accept no request bodies", """
                request: {path: /, body: x}
                load: {rates: [5]}
                targets: {a: c.conf}""");
        assertRejected("s.yaml:1:1: \"load\" is missing", "request: {path: /}");
    }

    @Test
    void warmUpHasAFixedLengthIfTheScenarioHasOne() throws Exception {
        String rest = """
                request: {path: /}
                load: {saturation: true}
                targets: {a: c.conf}
                """;
        assertEquals(Optional.of(Duration.ofSeconds(1)), read("warm-up: 1s\n" + rest).pace().warmUp());
        assertRejected("s.yaml:1:10: \"warm-up\" must be above 0 and at most an hour", "warm-up: 0s\n" + rest);
    }

    @Test
    void loadsAreParsedFromWords() throws Exception {
        assertEquals(new Loads(true, List.of(20L, 50L), List.of(400L)), Loads.parse(List.of("saturation", "20", "50%", "400/s")));
        assertEquals("a load is \"saturation\", a percentage such as 50 or a rate such as 400/s, not \"half\"",
                assertThrows(UserError.class, () -> Loads.parse(List.of("half"))).getMessage());
        assertEquals("a percentage needs the load \"saturation\", whose peak it refers to",
                assertThrows(UserError.class, () -> Loads.parse(List.of("50"))).getMessage());
    }

    @Test
    void templateKeepsUnknownPlaceholders() {
        var template = new ConfigTemplate(Map.of("port", "80"));
        assertEquals("listen 80; set $port ${other};", template.fill("listen ${port}; set $port ${other};"));
    }

    private void assertRejected(String message, String text) {
        assertEquals(message, assertThrows(UserError.class, () -> read(text)).getMessage().replace(folder + "/", ""));
    }

    private Scenario read(String text) throws UserError, IOException {
        return ScenarioFile.read(Files.writeString(folder.resolve("s.yaml"), text));
    }
}
