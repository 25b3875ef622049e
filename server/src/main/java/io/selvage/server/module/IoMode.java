package io.selvage.server.module;


/// What runs the threads of connections: `io`, or `--io` on the command line, which takes precedence.
public enum IoMode {
    /// Carriers if the self-test passes, else the JDK's scheduler, with a warning.
    AUTO,
    /// Carriers; without them the server does not start.
    CARRIER,
    /// Virtual threads on the JDK's scheduler.
    JDK
}
