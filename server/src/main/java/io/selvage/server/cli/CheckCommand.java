package io.selvage.server.cli;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Configs;
import io.selvage.server.config.Problem;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Reads a configuration and says all that is wrong with it, or nothing but that it is fine.
@Command(name = "check", description = "Check a configuration and tell every problem with its position.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "-q", description = "say nothing when it is fine")
    private boolean quiet;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Configs.Loaded loaded = config.load();
            tell(err, loaded, config, quiet);
            return ExitCode.FINE;
        } catch (ConfigProblems e) {
            tell(err, e);
            return ExitCode.NOT_STARTED;
        }
    }

    static void tell(PrintWriter err, Configs.Loaded loaded, ConfigFile config, boolean quiet) {
        for (Problem warning : loaded.warnings()) {
            err.println("warning: " + warning);
        }
        if (!quiet) {
            err.println(config.file() + " is fine");
        }
        err.flush();
    }

    /// One line for each problem, and one that counts them.
    static void tell(PrintWriter err, ConfigProblems problems) {
        err.println(problems.getMessage());
        err.flush();
    }
}
