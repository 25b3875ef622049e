package io.selvage.server.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// The arguments of `-s`, and their signals. A JVM prints a thread dump on nginx's QUIT, so WINCH replaces it.
enum SignalToServer {
    /// Stop within the shutdown timeout.
    STOP("TERM"),
    /// Stop when all requests are completed.
    QUIT("WINCH"),
    /// Reload the configuration.
    RELOAD("HUP"),
    /// Reopen the log files.
    REOPEN("USR1");

    private final String signal;

    SignalToServer(String signal) {
        this.signal = signal;
    }

    static Optional<SignalToServer> named(String word) {
        return Arrays.stream(values()).filter(value -> value.name().equalsIgnoreCase(word)).findAny();
    }

    /// Sends the signal.
    ///
    /// @throws IOException if the file names no running process, or this process may not signal it
    void send(PidFile file) throws IOException {
        file.signal(signal);
    }
}
