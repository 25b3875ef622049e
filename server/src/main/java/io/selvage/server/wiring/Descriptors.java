package io.selvage.server.wiring;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// Divides the file descriptors of the process between files and connections.
///
/// @param most the limit (`ulimit -n`)
record Descriptors(long most) {
    /// For the JVM, logs, and files that are opened to be sent.
    private static final int RESERVED = 64;
    private static final int FEWEST_FILES = 16;
    private static final int MOST_FILES = 1024;

    static Descriptors ofThisProcess() {
        return new Descriptors(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() : Integer.MAX_VALUE);
    }

    /// The most files that are kept open between responses. Only large files are, so there are few; connections need the rest.
    int files() {
        return Math.clamp(most / 256, FEWEST_FILES, MOST_FILES);
    }

    /// The most client connections. Each needs one descriptor, and one for its peer. A listener needs two: its socket, and an
    /// accepted connection that waits for its place. Idle connections to peers have their share as well, up to a quarter of all.
    ///
    /// @param listeners number of listening sockets
    /// @param idlePeers the most idle connections to peers
    int connections(int listeners, long idlePeers) {
        long shared = most - RESERVED - files() - 2L * listeners - Math.min(idlePeers, most / 4);
        return Math.clamp(shared / 2, 1, Integer.MAX_VALUE);
    }
}
