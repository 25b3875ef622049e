package io.selvage.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Runs the server in the foreground until a signal stops it.
@Command(name = "run", description = "Run the server in the foreground.")
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Mixin
    private IoOption io = new IoOption();

    @Override
    public Integer call() {
        return new RunningServer(config::load, config.errorLog(), io.mode(), spec.commandLine().getErr(), false).run();
    }
}
