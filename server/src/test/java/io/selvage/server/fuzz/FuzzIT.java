package io.selvage.server.fuzz;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A short run of the fuzzer on every target. The inputs that are tried are the same in every run: the seed of the random
/// numbers, the number of inputs and the order of the first ones are fixed, and no time ends it. `perf/fuzz` searches longer, at
/// random.
@Timeout(120)
class FuzzIT {
    private static final Pattern DONE = Pattern.compile("^#(\\d+)\\s+DONE", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void noFaultIsFound(FuzzTarget target) throws Exception {
        Process process = FuzzRun.brief(target, folder).start();
        try (var out = process.inputReader()) {
            String said = String.join("\n", out.lines().toList());
            String hint = said + "\nThe input is above, in Base64. Put it into " + target.seeds()
                    + " and SeedsTest shows the fault.";
            assertEquals(0, process.waitFor(), hint);
            var done = DONE.matcher(said);
            assertTrue(done.find() && Integer.parseInt(done.group(1)) >= target.runs(), said);
        }
    }
}
