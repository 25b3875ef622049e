package io.selvage.deploy;

import io.selvage.perf.PerfCommand;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The entry of `selvage.jar`.
@Command(name = "selvage", description = "A front server for web applications.", subcommands = PerfCommand.class)
public final class Main {
    private Main() {
    }

    /// Runs one command and ends the process with its exit code: 0 done, 1 not started, 2 wrong usage.
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Command(description = "Print the version.")
    int version() {
        String packed = Main.class.getPackage().getImplementationVersion();
        System.out.println("selvage " + Objects.requireNonNullElse(packed, "(not in a jar)"));
        return 0;
    }
}
