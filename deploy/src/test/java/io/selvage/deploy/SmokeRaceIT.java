package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// The packed jar races the other servers for a few seconds. The test checks that all targets do the same work without errors,
/// and the format of the report. It does not check speed.
/// `-Dselvage.others=required` turns a server that is not installed into a failure.
class SmokeRaceIT {
    private static final List<String> COLUMNS = List.of("answers/s", "p50", "p90", "p99", "p99.9", "max", "CPU µs per answer",
            "start ms", "warm-up s", "resident MB", "peak MB", "lag p99 µs", "errors");
    private static final List<String> LOADS = List.of("at saturation", "at 50 % of the slowest");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"static-1k, selvage nginx caddy", "proxy-small, selvage nginx haproxy caddy"})
    void everyTargetDoesTheSameWorkWithoutErrors(String scenario, String names) throws Exception {
        List<String> targets = List.of(names.split(" "));
        targets.stream().filter(name -> !name.equals("selvage")).forEach(SmokeRaceIT::assumeInstalled);
        List<String> text = race(scenario);
        assertTrue(text.getFirst().startsWith(scenario + ": "), text.toString());
        for (String load : LOADS) {
            int head = indexOf(text, load + " ");
            assertEquals(COLUMNS, Arrays.asList(text.get(head).substring(longest(load, targets)).strip().split(" {2,}")));
            for (int i = 0; i < targets.size(); i++) {
                String[] row = text.get(head + 1 + i).split(" {2,}");
                assertEquals(targets.get(i), row[0]);
                assertTrue(Double.parseDouble(row[1].replace(",", "")) > 0, text.get(head + 1 + i));
                assertEquals("0", row[row.length - 1], text.get(head + 1 + i));
            }
        }
        long compared = text.stream().filter(line -> line.matches("at .*: [a-z]+ to [a-z]+ .*")).count();
        int pairs = targets.size() * (targets.size() - 1) / 2;
        assertEquals(2L * LOADS.size() * pairs, compared, "two sentences for each pair and load");
        assertTrue(text.get(indexOf(text, "command ")).contains(" perf race "), text.toString());
        assertTrue(text.get(indexOf(text, "targets ")).contains("selvage: selvage " + System.getProperty("selvage.version")));
        assertTrue(Files.readString(folder.resolve("r.html")).contains("\"title\":\"" + scenario));
        assertTrue(Files.size(folder.resolve("r-at-saturation-selvage.hlog")) > 0);
    }

    private List<String> race(String scenario) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("selvage.root"));
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root.resolve("deploy/jvm.options"), "-jar", root.resolve("deploy/target/selvage.jar").toString()));
        command.addAll(List.of("perf", "race", root.resolve("perf/scenarios/" + scenario + ".yaml").toString(), "--loads",
                "saturation,50", "--rounds", "3", "--round", "250ms", "--warm-up", "100ms", "--out", "r"));
        try (var race = new Running(folder, Map.of(), "TERM", command)) {
            assertEquals(0, race.awaitExit(), () -> String.join("\n", race.lines()));
        }
        List<String> text = Files.readAllLines(folder.resolve("r.txt"));
        assertFalse(text.stream().anyMatch(line -> line.startsWith("Ended early")), text.toString());
        return text;
    }

    private static int indexOf(List<String> lines, String start) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(start)) {
                return i;
            }
        }
        return fail("no line \"" + start + "\" in\n" + String.join("\n", lines));
    }

    /// The width of the first column.
    private static int longest(String load, List<String> targets) {
        return Stream.concat(Stream.of(load), targets.stream()).mapToInt(String::length).max().orElseThrow();
    }

    private static void assumeInstalled(String program) {
        boolean there = Stream.of(System.getenv("PATH").split(":")).anyMatch(each -> Files.isExecutable(Path.of(each, program)));
        if (!there && "required".equals(System.getProperty("selvage.others"))) {
            fail(program + " is not installed");
        }
        assumeTrue(there, program + " is not installed");
    }
}
