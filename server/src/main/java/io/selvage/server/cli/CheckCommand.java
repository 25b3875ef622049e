package io.selvage.server.cli;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Reads a configuration and reports all its problems. The last line is that of `nginx -t`: the test is successful, or it failed.
@Command(name = "check", description = "Check a configuration and report every problem with its position.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "-q", description = "print nothing if the configuration is valid")
    private boolean quiet;

    @Override
    public Integer call() {
        return checked(spec.commandLine().getErr(), config, quiet, false);
    }

    /// Checks the configuration and prints the result.
    ///
    /// @param dump true to print the files too, to standard output
    /// @return the exit code
    static int checked(PrintWriter err, ConfigFile config, boolean quiet, boolean dump) {
        try {
            Language.Loaded loaded = config.load();
            report(err, loaded, config, quiet);
            if (dump) {
                Language.dump(loaded, System.out);
            }
            return ExitCode.FINE;
        } catch (ConfigProblems | IOException e) {
            int code = failed(err, e);
            err.println(verdict(config) + "failed");
            err.flush();
            return code;
        }
    }

    private static void report(PrintWriter err, Language.Loaded loaded, ConfigFile config, boolean quiet) {
        for (Problem warning : loaded.warnings()) {
            err.println("warning: " + warning);
        }
        if (!quiet) {
            err.println(verdict(config) + "is successful");
        }
        err.flush();
    }

    private static String verdict(ConfigFile config) {
        return "selvage: configuration file " + config.file() + " test ";
    }

    /// Prints every problem of a configuration and their number, or the reason of another failure in one line.
    ///
    /// @return the exit code
    static int failed(PrintWriter err, Exception why) {
        err.println(why instanceof ConfigProblems ? why.getMessage() : "selvage: " + why.getMessage());
        err.flush();
        return ExitCode.NOT_STARTED;
    }
}
