package io.selvage.perf.cli;

import io.selvage.perf.report.Report;
import io.selvage.perf.report.ReportFacts;
import io.selvage.perf.report.ResultFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// Where results go, and the help that every command has.
final class OutputOptions {
    @Option(names = {"-o", "--out"}, paramLabel = "NAME",
            description = "writes NAME.txt, NAME.json, NAME.html and, for each load, NAME-LOAD.hlog and .hgrm")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--json", description = "prints JSON instead of a table")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "shows this help")
    private boolean help;

    /// The files to write, if any are wanted.
    Optional<ResultFiles> files() throws IOException {
        return out.isPresent() ? Optional.of(new ResultFiles(out.get())) : Optional.empty();
    }

    /// The machine, and the command line that was typed.
    static ReportFacts facts(CommandSpec command) {
        return ReportFacts.here(command.root().commandLine().getParseResult().originalArgs());
    }

    /// Prints the report as it was asked for, and writes it to `files`.
    void publish(CommandSpec command, Report report, Optional<ResultFiles> files) throws IOException {
        command.commandLine().getOut().print(json ? report.json() + "\n" : report.table());
        command.commandLine().getOut().flush();
        if (files.isPresent()) {
            files.get().write(report);
        }
    }
}
