package io.selvage.perf.cli;

import io.selvage.perf.PerfCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// Runs a command line and captures its output and exit code.
record Typed(int exitCode, String out, String err) {
    static Typed perf(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = new CommandLine(new PerfCommand())
                .setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(words);
        return new Typed(exitCode, out.toString(), err.toString());
    }
}
