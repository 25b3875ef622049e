package io.selvage.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Certificates: those of a configuration, and new ones.
@Command(name = "cert", description = "List or renew the certificates of a configuration, or make one.",
        subcommands = {CertListCommand.class, RenewCommand.class, SelfSignedCommand.class})
final class CertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.FORCED;
    }
}
