package io.selvage.server.cli;

import io.selvage.server.admin.AdminClient;
import io.selvage.server.config.ConfigProblems;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that asks the admin API of a running server.
abstract class AdminCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private AdminTarget target = new AdminTarget();

    /// Asks, and prints the answer.
    ///
    /// @return the exit code
    abstract int ask(AdminClient client, PrintWriter out) throws IOException, AdminClient.Refused;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            return ask(target.client(), out);
        } catch (AdminClient.Refused | ConfigProblems | IOException e) {
            return CheckCommand.failed(spec.commandLine().getErr(), e);
        } finally {
            out.flush();
        }
    }

    CommandSpec spec() {
        return spec;
    }
}
