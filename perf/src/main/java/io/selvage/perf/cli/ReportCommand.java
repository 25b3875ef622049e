package io.selvage.perf.cli;

import io.selvage.perf.input.UserError;
import io.selvage.perf.report.LogReader;
import io.selvage.perf.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `perf report`: shows histogram logs of earlier runs side by side, or their sum.
@Command(name = "report", description = "Compares histogram logs, or merges those of several generators into one result.",
        sortOptions = false)
public final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "1..*", paramLabel = "FILE.hlog", description = "logs that run, knee or another tool has written")
    private List<Path> files = List.of();

    @Option(names = "--merge", description = "adds up all logs instead of comparing them")
    private boolean merge;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        return CommandOutput.exitCode(spec, this::publish);
    }

    private void publish() throws UserError, IOException {
        Map<String, LogReader> logs = new LinkedHashMap<>();
        if (merge) {
            logs.put(files.size() + " logs merged", LogReader.read(files));
        } else {
            for (Path file : files) {
                String name = file.getFileName().toString().replaceFirst("\\.hlog$", "");
                logs.put(logs.containsKey(name) ? file.toString() : name, LogReader.read(List.of(file)));
            }
        }
        var report = new Report(merge ? "Merged logs" : "Logs side by side", OutputOptions.facts(spec), LogReader.series(logs),
                LogReader.remarks(logs.values()));
        output.publish(spec, report, output.files());
    }
}
