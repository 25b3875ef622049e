package io.selvage.server.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ThreadActivityTest {

    @Test
    void stateAndTimeFollowTheName() {
        String rest = " 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0 25 0 1234";

        assertEquals(new ThreadActivity(true, 1_500_000_000), ThreadActivity.parse("71 (selvage-carrier)) R" + rest));
        assertEquals(new ThreadActivity(false, 1_500_000_000), ThreadActivity.parse("71 (a (R 1) S) S" + rest));
        assertEquals(new ThreadActivity(false, 1_500_000_000), ThreadActivity.parse("71 () D" + rest));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void callingThreadRunsAndHasUsedProcessorTime() {
        ThreadActivity own = ThreadActivity.ofCallingThread().now().orElseThrow();

        assertTrue(own.runnable());
        assertTrue(own.cpuNanos() > 0);
    }

    /// The first thread of a Java process starts the thread of `main` and waits for its end.
    @Test
    @EnabledOnOs(OS.LINUX)
    void firstThreadOfTheProcessSleeps() throws Exception {
        Path first = Path.of("/proc/self/task/" + ProcessHandle.current().pid() + "/stat");

        assertFalse(ThreadActivity.parse(Files.readString(first)).runnable());
    }
}
