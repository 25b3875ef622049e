package io.selvage.server.cli;

/// What the process says when it ends.
final class ExitCode {
    static final int FINE = 0;
    /// Could not start, or the configuration is wrong. Trying again without a change does not help.
    static final int NOT_STARTED = 1;
    /// Ended before everything under way was done; or the command line is wrong.
    static final int FORCED = 2;

    private ExitCode() {
    }
}
