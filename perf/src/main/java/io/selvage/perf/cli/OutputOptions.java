package io.selvage.perf.cli;

import io.selvage.perf.report.Report;
import io.selvage.perf.report.ReportFacts;
import io.selvage.perf.report.ResultFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// The options for results, and the help option of every command.
final class OutputOptions {
    @Option(names = {"-o", "--out"}, paramLabel = "NAME",
            description = "writes NAME.txt, NAME.json, NAME.html and, for each load, NAME-LOAD.hlog and .hgrm")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--json", description = "prints JSON instead of a table")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "shows this help")
    private boolean help;

    /// The files to write; empty without `--out`.
    Optional<ResultFiles> files() throws IOException {
        return out.isPresent() ? Optional.of(new ResultFiles(out.get())) : Optional.empty();
    }

    /// The facts of the machine and the command line.
    static ReportFacts facts(CommandSpec command) {
        return ReportFacts.here(command.root().commandLine().getParseResult().originalArgs());
    }

    /// Prints the report as a table or JSON, and writes it to `files`.
    void publish(CommandSpec command, Report report, Optional<ResultFiles> files) throws IOException {
        command.commandLine().getOut().print(json ? report.json() + "\n" : report.table());
        command.commandLine().getOut().flush();
        if (files.isPresent()) {
            files.get().write(report);
        }
    }
}
