package io.selvage.perf.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Requests the shortest timer slack. Linux may otherwise wake a sleeping thread up to 50 µs late. Where the request fails,
/// nothing changes, and the lag of the generator, which is reported, is larger.
final class TimerSlack {
    private static final String SHORTEST_NANOS = "1";

    private TimerSlack() {
    }

    /// Requests the shortest slack for the calling platform thread. See proc_pid_timerslack_ns(5).
    static void sharpen() {
        try {
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            Files.writeString(Path.of("/proc", thread.getFileName().toString(), "timerslack_ns"), SHORTEST_NANOS);
        } catch (IOException | UnsupportedOperationException e) {
            // another system, or a kernel that does not allow it: the default slack stays
        }
    }
}
