package io.selvage.server.module;


/// What runs the connections' threads: `io`, or `--io` on the command line, which counts for more.
public enum IoMode {
    /// Carriers where the self-test passes, else the JDK's scheduler and a warning.
    AUTO,
    /// Event loops of our own, or no start.
    CARRIER,
    /// Virtual threads as the JDK schedules them.
    JDK
}
