package io.selvage.server.cli;

/// The exit codes of the process.
final class ExitCode {
    static final int FINE = 0;
    /// The server could not start, or the configuration is wrong. A restart without a change does not help.
    static final int NOT_STARTED = 1;
    /// The server ended before all requests were completed, or the command line is wrong.
    static final int FORCED = 2;

    private ExitCode() {
    }
}
