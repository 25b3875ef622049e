package io.selvage.deploy;

import io.selvage.perf.PerfCommand;
import io.selvage.server.cli.SelvageCommand;

/// The entry point of `selvage.jar`: the command line of the server with the demo and the performance lab.
public final class Main {
    private Main() {
    }

    /// Runs one command and ends the process with its exit code, which [SelvageCommand] chooses.
    public static void main(String[] args) {
        System.exit(SelvageCommand.commandLine(new Demo(), new Train(), new PerfCommand()).execute(args));
    }
}
