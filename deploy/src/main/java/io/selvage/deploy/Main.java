package io.selvage.deploy;

import io.selvage.perf.PerfCommand;
import io.selvage.server.cli.SelvageCommand;
import java.nio.file.Path;
import java.util.List;

/// The entry point of `selvage.jar`: the command line of the server with the demo and the performance lab.
public final class Main {
    private Main() {
    }

    /// Runs one command and ends the process with its exit code, which [SelvageCommand] chooses.
    public static void main(String[] args) {
        System.exit(SelvageCommand.execute(List.of(new Demo(Main::run), new Train(), new PerfCommand()), args));
    }

    private static int run(Path configuration, Path prefix) {
        return SelvageCommand.execute(List.of(), "run", "-c", configuration.toString(), "-p", prefix.toString());
    }
}
