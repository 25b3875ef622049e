package io.selvage.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Runs `perf/soak` in each mode: for ten seconds, or as long as `-Dselvage.soak=600s` says. The test bounds its time by that;
/// the annotation replaces the shorter limit of all tests.
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SoakIT {
    private static final Pattern SECONDS = Pattern.compile("(\\d+)s");
    /// What the start, the waits for rest and the end of the server may take beside the load.
    private static final Duration REST = Duration.ofMinutes(3);

    /// The seconds of load.
    private static int seconds() {
        String wanted = System.getProperty("selvage.soak", "10s");
        Matcher matcher = SECONDS.matcher(wanted);
        assertTrue(matcher.matches(), () -> "-Dselvage.soak takes seconds, such as 600s, not " + wanted);
        return Integer.parseInt(matcher.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void serverReturnsToItsInitialStateAfterMixedLoad(String io) throws Exception {
        int seconds = seconds();
        var command = List.of(SelvageProcess.ROOT.resolve("perf/soak").toString(), Integer.toString(seconds), io);
        try (var soak = new Running(SelvageProcess.ROOT, Map.of(), "TERM", command)) {
            boolean ended = soak.process().waitFor(REST.plusSeconds(seconds));
            String output = String.join("\n", soak.lines());
            assertTrue(ended, () -> "still running after " + output);
            System.out.println(output);
            assertEquals(0, soak.process().exitValue(), output);
        }
    }
}
