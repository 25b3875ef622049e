package io.selvage.server.cli;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.module.MainSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Prints the threads of a running server.
@Command(name = "threads", description = "Print the threads of a running server and their stacks.")
final class ThreadsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "--pid", paramLabel = "FILE", description = "the pid file (default: as the configuration says)")
    private Optional<Path> pid = Optional.empty();

    @Override
    public Integer call() {
        try {
            PidFile file = pid.isPresent() ? new PidFile(pid.get().toAbsolutePath())
                    : new PidFile(MainSettings.of(config.load().config()).pid());
            PrintWriter out = spec.commandLine().getOut();
            out.print(ThreadDumpFile.beside(file).request(file));
            out.flush();
            return ExitCode.FINE;
        } catch (ConfigProblems | IOException e) {
            return CheckCommand.failed(spec.commandLine().getErr(), e);
        }
    }
}
