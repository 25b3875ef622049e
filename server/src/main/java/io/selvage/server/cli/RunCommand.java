package io.selvage.server.cli;

import io.selvage.server.module.IoMode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs the server in the foreground until a signal stops it.
@Command(name = "run", description = "Run the server in the foreground.")
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "--io", paramLabel = "MODE",
            description = "auto, carrier or jdk: what runs the connections; overrides the configuration")
    private Optional<IoMode> io = Optional.empty();

    @Override
    public Integer call() {
        return new RunningServer(config::load, config.errorLog(), io, spec.commandLine().getErr()).run();
    }
}
