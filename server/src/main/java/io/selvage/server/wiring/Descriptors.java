package io.selvage.server.wiring;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// The file descriptors that a process may have, and what they are for.
///
/// @param most the limit (`ulimit -n`)
record Descriptors(long most) {
    /// For the JVM itself, logs, and files that are opened to be sent.
    private static final int RESERVED = 64;
    private static final int FEWEST_FILES = 16;
    private static final int MOST_FILES = 1024;

    static Descriptors ofThisProcess() {
        return new Descriptors(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() : Integer.MAX_VALUE);
    }

    /// Files that are kept open between two answers: few, since they are the large ones, and connections need the rest.
    int files() {
        return Math.clamp(most / 256, FEWEST_FILES, MOST_FILES);
    }

    /// Connections of clients: one descriptor for each, and one for its peer. A listener needs two: its socket, and a connection
    /// that it has accepted and that waits for its place.
    ///
    /// @param listeners how many sockets listen
    int connections(int listeners) {
        return Math.clamp((most - RESERVED - files() - 2L * listeners) / 2, 1, Integer.MAX_VALUE);
    }
}
