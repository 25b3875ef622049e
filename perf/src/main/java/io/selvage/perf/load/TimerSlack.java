package io.selvage.perf.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How late Linux may wake a thread that sleeps until a time: 50 µs unless the thread asks for less. The only class that asks.
/// Where the kernel does not let it, nothing changes and the generator's own error, which is reported, is larger.
final class TimerSlack {
    private static final String SHORTEST_NANOS = "1";

    private TimerSlack() {
    }

    /// Asks for the shortest slack for the calling platform thread. See proc_pid_timerslack_ns(5).
    static void sharpen() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            Files.writeString(Path.of("/proc", thread.getFileName().toString(), "timerslack_ns"), SHORTEST_NANOS);
        } catch (IOException | UnsupportedOperationException e) {
            // another system, or a kernel that does not allow it: the default slack stays
        }
    }
}
