package io.selvage.perf.cli;

import io.selvage.perf.input.UserError;
import io.selvage.perf.report.ResultHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `perf history`: keeps the figures of races, and shows them over the commits.
@Command(name = "history", description = "Adds the results in a folder to its history.tsv and shows all in its index.html.",
        sortOptions = false)
public final class HistoryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FOLDER", description = "with NAME.txt of each scenario, as race writes it")
    private Path folder = Path.of("");

    @Parameters(index = "1..*", paramLabel = "FILE.txt", description = "results of earlier commits")
    private List<Path> more = List.of();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "shows this help")
    private boolean help;

    @Override
    public Integer call() {
        return CommandOutput.exitCode(spec, () -> {
            if (!Files.isDirectory(folder)) {
                throw new UserError(folder + ": no such folder");
            }
            ResultHistory.update(folder, more);
        });
    }
}
