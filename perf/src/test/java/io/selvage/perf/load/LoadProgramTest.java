package io.selvage.perf.load;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

@Timeout(60)
class LoadProgramTest {
    @Test
    void outputAndExitCodeAreReported() throws Exception {
        var ended = new LoadProgram().run(List.of("sh", "-c", "echo out; echo err >&2; exit 3"), Duration.ofMinutes(1));
        assertEquals(new LoadProgram.Ended("out\nerr\n", 3), ended);
    }

    @Test
    void overdueProgramIsEnded() throws Exception {
        var ended = new LoadProgram().run(List.of("sh", "-c", "echo started; exec sleep 1000"), Duration.ofMillis(100));
        assertNotEquals(0, ended.code());
    }
}
