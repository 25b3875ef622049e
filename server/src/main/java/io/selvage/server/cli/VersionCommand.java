package io.selvage.server.cli;

import io.selvage.server.module.ProductVersion;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.TlsEngineChoice;
import io.selvage.server.tls.TlsEngines;
import java.io.PrintWriter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the version and the runtime environment.
@Command(name = "version", description = "Print the version and the runtime environment.")
final class VersionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line());
        out.println(environment());
        out.flush();
        return ExitCode.FINE;
    }

    static String line() {
        return ProductVersion.PRODUCT + " " + ProductVersion.NUMBER;
    }

    static String environment() {
        String collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName).collect(Collectors.joining(", "));
        return "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + "), " + collectors + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch")
                + System.lineSeparator() + "TLS: " + tls();
    }

    /// What `ssl_engine auto` is on this machine.
    private static String tls() {
        TlsEngine engine = TlsEngines.select(TlsEngineChoice.AUTO);
        return engine.version() + " (" + engine.name() + ")"
                + TlsEngines.whyNoBoringSsl().map(why -> "; BoringSSL cannot be used: " + why).orElse("");
    }
}
