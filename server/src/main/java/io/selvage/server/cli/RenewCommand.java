package io.selvage.server.cli;

import io.selvage.server.acme.StoredCertificate;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.module.AcmeOrders;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Orders certificates of a configuration now, without waiting for their time. The running server takes them over.
@Command(name = "renew",
        description = "Order the certificates of acme_certificate now. The running server uses them within half a minute.")
final class RenewCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "only certificates with this name; all without one")
    private List<String> names = List.of();

    @Mixin
    private ConfigFile config = new ConfigFile();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try {
            List<AcmeOrders.Wanted> wanted = AcmeOrders.all(config.load().config()).stream().filter(this::isNamed).toList();
            if (wanted.isEmpty()) {
                throw new IOException(names.isEmpty() ? "the configuration has no \"acme_certificate\""
                        : "no \"acme_certificate\" has the name " + String.join(" or ", names));
            }
            int code = ExitCode.FINE;
            for (AcmeOrders.Wanted each : wanted) {
                code = Math.max(code, renew(each, out));
            }
            return code;
        } catch (ConfigProblems | IOException e) {
            return CheckCommand.failed(spec.commandLine().getErr(), e);
        } finally {
            out.flush();
        }
    }

    private boolean isNamed(AcmeOrders.Wanted wanted) {
        return names.isEmpty() || names.stream().anyMatch(wanted.certificate().names()::contains);
    }

    private int renew(AcmeOrders.Wanted wanted, PrintWriter out) throws InterruptedException {
        try {
            out.println("renewed " + wanted.certificate() + ", valid until "
                    + new StoredCertificate(wanted.issuer(), wanted.certificate()).renew().truncatedTo(ChronoUnit.SECONDS));
            return ExitCode.FINE;
        } catch (IOException e) {
            return CheckCommand.failed(spec.commandLine().getErr(),
                    new IOException("not renewed " + wanted.certificate() + ": " + e.getMessage(), e));
        }
    }
}
