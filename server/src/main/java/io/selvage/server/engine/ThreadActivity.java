package io.selvage.server.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What the kernel says about a platform thread.
///
/// @param runnable true if it has a processor or waits for one; false if it sleeps: on a lock, a disk, or in a poll
/// @param cpuNanos the processor time that it has used, in nanoseconds and in steps of 10 ms
record ThreadActivity(boolean runnable, long cpuNanos) {
    private static final Path PROC = Path.of("/proc");
    /// The kernel counts in hundredths of a second here, on every architecture that the JDK supports.
    private static final long TICK_NANOS = 10_000_000;
    private static final int STATE = 0;                    // indexes of the fields after the name
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    /// Reads the activity of one thread.
    interface Source {
        /// The activity now; empty if the system does not report it.
        Optional<ThreadActivity> now();
    }

    /// Watches the calling thread, through `/proc/self/task/TID/stat`. Any thread may ask the source.
    ///
    /// The state of the thread is read, not the time in the run queue that `schedstat` counts: the kernel adds that time only
    /// when the wait is over.
    static Source ofCallingThread() {
        Path stat;
        try {
            stat = PROC.resolve(Files.readSymbolicLink(PROC.resolve("thread-self"))).resolve("stat");
        } catch (IOException | UnsupportedOperationException e) {
            return Optional::empty;
        }
        return () -> read(stat);
    }

    private static Optional<ThreadActivity> read(Path stat) {
        try {
            return Optional.of(parse(Files.readString(stat)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /// @param stat the content of `stat`; the name of the thread, in parentheses, may contain spaces and parentheses
    static ThreadActivity parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        return new ThreadActivity(fields[STATE].equals("R"), ticks * TICK_NANOS);
    }
}
