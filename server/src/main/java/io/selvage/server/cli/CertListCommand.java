package io.selvage.server.cli;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.module.ConfiguredCertificate;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the certificates that a configuration names, one on each line. The columns are separated by at least two spaces.
@Command(name = "list", description = "List the certificates of a configuration: site, names, issuer, end, days left, file.")
final class CertListCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("SITE", "NAMES", "ISSUER", "EXPIRES", "DAYS", "FILE");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Override
    public Integer call() {
        try {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            Instant now = Instant.now();
            ConfiguredCertificate.all(config.load().config()).forEach(each -> rows.add(each.row(now)));
            print(rows);
            return ExitCode.FINE;
        } catch (ConfigProblems e) {
            return CheckCommand.failed(spec.commandLine().getErr(), e);
        }
    }

    private void print(List<List<String>> rows) {
        PrintWriter out = spec.commandLine().getOut();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
                line.append(row.get(column)).repeat(' ', width - row.get(column).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }
}
