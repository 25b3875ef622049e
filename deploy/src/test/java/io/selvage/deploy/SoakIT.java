package io.selvage.deploy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Runs `perf/soak` for ten seconds. The default of ten minutes shows more.
@Timeout(180)
class SoakIT {

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void serverReturnsToItsInitialStateAfterMixedLoad(String io) throws Exception {
        Process soak = new ProcessBuilder(SelvageProcess.ROOT.resolve("perf/soak").toString(), "10", io)
                .redirectErrorStream(true).start();
        String output = new String(soak.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, soak.waitFor(), output);
    }
}
