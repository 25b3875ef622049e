package io.selvage.perf.race;

import java.io.BufferedReader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcessTreeTest {
    @Test
    void timesFollowAProcessNameWithAnyCharacters() {
        String stat = "77 (a) R 1 (b) S 1 77 77 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 1 0 55 6 7";
        assertEquals(127, ProcessTree.ticks(stat));
    }

    @Test
    void memoryIsReadInKilobytes() {
        String status = "Name:\tx\nVmHWM:\t   5120 kB\nVmRSS:\t   4096 kB\n";
        assertEquals(5120, ProcessTree.kilobytes(status, "VmHWM:"));
        assertEquals(0, ProcessTree.kilobytes(status, "VmSwap:"));
    }

    @Test
    void childrenAreCounted() throws Exception {
        // The child says itself that it has started: before, its memory is that of the shell which becomes the child.
        Process shell = new ProcessBuilder("sh", "-c", "exec 3<&0; sh -c 'echo started; read line' <&3 & wait").start();
        try (BufferedReader out = shell.inputReader()) {
            assertEquals("started", out.readLine());
            var tree = new ProcessTree(shell.toHandle());
            var child = new ProcessTree(shell.descendants().findFirst().orElseThrow());
            assertTrue(child.residentBytes() > 0);
            assertTrue(tree.residentBytes() > child.residentBytes());
            long resident = tree.residentBytes();
            assertTrue(tree.peakBytes() >= resident);          // it grows while it is looked at
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void usedTimeIsMeasured() {
        var tree = new ProcessTree(ProcessHandle.current());
        long before = tree.cpuNanos();
        long used = 0;
        while (tree.cpuNanos() == before) {
            used++;
        }
        assertTrue(used >= 0 && tree.cpuNanos() > before);
    }
}
