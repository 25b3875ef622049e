package io.selvage.perf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The targets are the JDK's file server and a small server that ends; each is a process.
class RaceCommandTest {
    private static final String SMALL = """
            files: {a.txt: 1024}
            connections: 2
            rounds: 3
            round: 60ms
            warm-up: 20ms
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void targets() throws IOException {
        Files.writeString(folder.resolve("none.conf"), "");
        Files.writeString(folder.resolve("port.conf"), "${port}");
        Files.writeString(folder.resolve("targets.yaml"), """
                targets:
                  - name: one
                    command: &jdk ["${java}", -XX:TieredStopAtLevel=1, -m, jdk.httpserver, -b, 127.0.0.1, -o, none,
                      -p, "${port}", -d, "${files}"]
                    version: [echo, here]
                  - name: two
                    command: *jdk
                  - name: other
                    command: ["${java}", -XX:TieredStopAtLevel=1, -m, jdk.httpserver, -b, 127.0.0.1, -o, none,
                      -p, "${port}", -d, "${work}"]
                  - name: exiting
                    command: ["${java}", -XX:TieredStopAtLevel=1, -cp, "%s", io.selvage.perf.cli.ExitingServer,
                      "${port}", "${files}/a.txt"]
                  - name: stillborn
                    command: [sh, -c, "echo no such option; exit 3"]
                  - name: teller
                    command: [echo, "${work}"]
                  - name: missing
                    command: [no-such-program-anywhere]
                """.formatted(Path.of("target/test-classes").toAbsolutePath()));
    }

    @Test
    void targetsAreDrivenInTurnsAndCompared() throws Exception {
        Typed typed = race("{one: none.conf, two: none.conf}", "{saturation: true, percent: [50], rates: [100]}",
                "idle: 5\nidle-for: 20ms\nstarts: 3\n");
        assertEquals("", typed.err());
        assertEquals(0, typed.exitCode());
        for (String part : List.of("\nat saturation ", "\nat 50 % of the slowest ", "\nat 100 per second ",
                "  CPU µs per answer  start ms  KB per idle connection  idle CPU %  warm-up s  resident MB  peak MB ",
                "\nstart to first answer: one to two ",
                "\nat saturation, answers/s: one to two ",
                "\nat 100 per second, p99: one to two ",
                "\nat 50 % of the slowest, CPU per answer: one to two ")) {
            assertTrue(("\n" + typed.out()).contains(part), part + " is not in\n" + typed.out());
        }
        assertTrue(Files.exists(folder.resolve("r.html")));
        assertTrue(Files.readString(folder.resolve("r.txt")).contains("\ntargets  one: here\n"));
        assertTrue(Files.exists(folder.resolve("r-at-saturation-one.hlog")));
    }

    @Test
    void commandLineOverridesTheScenario() throws Exception {
        Typed typed = race("{one: none.conf, two: none.conf}", "{rates: [100]}", "", "--targets", "two",
                "--loads", "saturation,50", "--rounds", "4", "--round", "30ms", "--warm-up", "10ms");
        assertEquals("", typed.err());
        assertTrue(typed.out().startsWith("at saturation ") && typed.out().contains("\nat 50 % of the slowest "), typed.out());
        assertFalse(typed.out().contains("at 100 per second") || typed.out().contains("\none "), typed.out());
    }

    @Test
    void mistakeInTheCommandLineIsReportedInOneLine() throws Exception {
        assertEquals("perf race: rounds must be 3 or more, not 2\n",
                race("{one: none.conf}", "{rates: [100]}", "", "--rounds", "2").err());
        assertEquals("perf race: a round and a warm-up must be above 0 and at most an hour\n",
                race("{one: none.conf}", "{rates: [100]}", "", "--round", "0").err());
    }

    @Test
    void buildsOfSeveralFoldersAreCompared() throws Exception {
        Files.writeString(folder.resolve("targets.yaml"), """
                targets:
                  - name: one
                    command: [sh, -c, "echo ${home}; exit 3"]
                """);
        assertEquals("perf race: old ended with exit code 3: " + folder.resolve("a") + "\n",
                race("{one: none.conf}", "{rates: [100]}", "", "--build", "old=" + folder.resolve("a"), "--build",
                        "new=b").err());
    }

    @Test
    void wrkIsRefusedWhereItCannotDoTheWork() throws Exception {
        assertEquals("perf race: wrk drives r only over HTTP/1.1 and at saturation (--loads saturation), "
                + "without resumed sessions or idle connections\n",
                race("{one: none.conf}", "{rates: [100]}", "", "--wrk").err());
    }

    @Test
    void targetsWithDifferentAnswersAreNotCompared() throws Exception {
        Typed typed = race("{one: none.conf, other: none.conf}", "{rates: [100]}", "");
        assertEquals(1, typed.exitCode());
        assertTrue(typed.err().startsWith("perf race: not the same work: one answers status 200, Content-Length 1024, "
                + "1024 bytes, SHA-256 "), typed.err());
        assertTrue(typed.err().contains("; other answers status 404, "), typed.err());
        assertEquals(1, typed.err().lines().count());
    }

    @Test
    void targetThatEndsEndsTheRaceAndKeepsTheResults() throws Exception {
        Typed typed = race("{one: none.conf, exiting: port.conf}", "{rates: [50, 100]}", "");
        assertEquals(1, typed.exitCode());
        assertEquals("perf race: exiting ended with exit code 7: out of requests\n", typed.err());
        assertTrue(typed.out().startsWith("at 50 per second"), typed.out());
        assertTrue(typed.out().contains("\none "), typed.out());
        assertTrue(Files.exists(folder.resolve("r.json")));
    }

    @Test
    void targetThatDoesNotStartIsReportedInOneLine() throws Exception {
        assertEquals("perf race: stillborn ended with exit code 3: no such option\n",
                race("{stillborn: none.conf}", "{rates: [100]}", "").err());
        String missing = race("{missing: none.conf}", "{rates: [100]}", "").err();
        assertTrue(missing.startsWith("perf race: missing cannot be started: Cannot run program"), missing);
    }

    @Test
    void workingFolderIsDeleted() throws Exception {
        String line = race("{teller: none.conf}", "{rates: [100]}", "").err();
        Path work = Path.of(line.strip().replace("perf race: teller ended with exit code 0: ", ""));
        assertTrue(work.endsWith("teller"), line);
        assertFalse(Files.exists(work.getParent()));
    }

    @Test
    void mistakeInTheScenarioIsReportedInOneLine() throws Exception {
        Typed typed = race("{one: none.conf}", "{rates: [100]}", "nonsense: 1\n");
        assertEquals("perf race: " + folder.resolve("r.yaml") + ":9:1: unknown key \"nonsense\"\n", typed.err());
        assertEquals(1, typed.exitCode());
        assertFalse(Files.exists(folder.resolve("r.json")));
    }

    private Typed race(String targets, String load, String more, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("r.yaml"), SMALL + "request: {path: /a.txt}\n"
                + "targets: " + targets + "\nload: " + load + "\n" + more);
        return Typed.perf(Stream.concat(Stream.of("race", file.toString(), "-o", folder.resolve("r").toString()),
                Stream.of(options)).toArray(String[]::new));
    }
}
