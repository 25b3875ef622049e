package io.selvage.server.fuzz;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A short run of the fuzzer on all targets. The inputs that are tried are the same in every run: the seed of the random numbers,
/// the number of inputs and the order of the first ones are fixed, and no time ends it. `perf/fuzz` searches longer, at random.
@Timeout(600)
class FuzzIT {
    private static final int INPUTS = 40_000;
    /// The least for each target. The fuzzer decides how many it is.
    private static final int LEAST = 200;
    private static final Pattern TRIED = Pattern.compile("^tried ([a-z0-9-]+): (\\d+)", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @Test
    void noFaultIsFound() throws Exception {
        Process process = FuzzRun.brief(folder, INPUTS).start();
        try (var out = process.inputReader()) {
            String said = String.join("\n", out.lines().toList());
            assertEquals(0, process.waitFor(), () -> said + "\nThe fault is above, with its target and its input in Base64. Put"
                    + " the input into the target's folder in server/src/test/fuzz, and SeedsTest shows the fault.");
            int targets = 0;
            for (Matcher tried = TRIED.matcher(said); tried.find(); targets++) {
                assertTrue(Integer.parseInt(tried.group(2)) >= LEAST, said);
            }
            assertEquals(FuzzTarget.values().length, targets, said);
        }
    }
}
