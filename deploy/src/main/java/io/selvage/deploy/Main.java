package io.selvage.deploy;

import io.selvage.perf.PerfCommand;
import io.selvage.server.cli.SelvageCommand;
import picocli.CommandLine;

/// The entry of `selvage.jar`: the server's commands, the demo and the performance lab in one program.
public final class Main {
    private Main() {
    }

    /// Runs one command and ends the process with its exit code: 0 fine, 1 not started, 2 forced or wrong usage.
    public static void main(String[] args) {
        CommandLine program = SelvageCommand.commandLine()
                .addSubcommand(new Demo())
                .addSubcommand(new PerfCommand());
        System.exit(program.execute(args));
    }
}
