package io.selvage.perf;

import io.selvage.perf.cli.HistoryCommand;
import io.selvage.perf.cli.KneeCommand;
import io.selvage.perf.cli.LoadCommand;
import io.selvage.perf.cli.RaceCommand;
import io.selvage.perf.cli.ReportCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `selvage perf`: the performance lab. Exit codes of its subcommands: 0 for success, 1 after one line that describes a failure,
/// 2 for a wrong command line.
@Command(name = "perf", description = "Measures servers: run, knee, race, report, history.",
        subcommands = {LoadCommand.class, KneeCommand.class, RaceCommand.class, ReportCommand.class, HistoryCommand.class})
public final class PerfCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "shows this help")
    private boolean help;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command: run, knee, race, report or history");
    }
}
