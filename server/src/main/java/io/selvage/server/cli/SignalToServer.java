package io.selvage.server.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// What `-s` tells a server that runs, and the signal that says it. nginx's QUIT is a thread dump to a JVM, so WINCH stands for
/// it.
enum SignalToServer {
    /// End within a bound.
    STOP("TERM"),
    /// End when everything under way is done.
    QUIT("WINCH"),
    /// Read the configuration again.
    RELOAD("HUP"),
    /// Open the logs again.
    REOPEN("USR1");

    private final String signal;

    SignalToServer(String signal) {
        this.signal = signal;
    }

    static Optional<SignalToServer> named(String word) {
        return Arrays.stream(values()).filter(value -> value.name().equalsIgnoreCase(word)).findAny();
    }

    /// @throws IOException when no server has left its process id there, or it may not be signalled
    void send(PidFile file) throws IOException {
        if (file.path().toString().isEmpty()) {
            throw new IOException("the configuration has no \"pid\", so the server cannot be found");
        }
        ProcessHandle server = file.process().orElseThrow(() -> new IOException("no server runs by " + file.path()));
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(server.pid())).inheritIO().start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("process " + server.pid() + " could not be signalled");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
