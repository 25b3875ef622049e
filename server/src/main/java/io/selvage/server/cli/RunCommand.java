package io.selvage.server.cli;

import io.selvage.server.module.IoMode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs the server in the foreground until it is told to stop.
@Command(name = "run", description = "Run the server in the foreground.")
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Option(names = "--io", paramLabel = "MODE",
            description = "auto, carrier or jdk: what runs the connections, whatever the configuration says")
    private Optional<IoMode> io = Optional.empty();

    @Override
    public Integer call() {
        return new RunningServer(config::load, config.errorLog(), io, spec.commandLine().getErr()).run();
    }
}
