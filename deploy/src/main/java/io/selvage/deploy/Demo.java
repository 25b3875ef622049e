package io.selvage.deploy;

import io.selvage.server.cli.AdminOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs a demo site: its files and its configuration in a temporary folder, two applications behind the balancer, and the
/// command `run` in front of them.
@Command(name = "demo", description = "Serves a demo site with two applications behind it.")
final class Demo implements Callable<Integer> {
    /// A strong reference: the JDK forgets the level of a logger that is not referenced.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--port", description = "port of the site on 127.0.0.1 (default: 8080, with --https 8443)")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--https", description = "use TLS with a certificate that is made for the occasion")
    private boolean https;

    @Mixin
    private AdminOption admin = new AdminOption();

    @Override
    public Integer call() throws IOException {
        HELIDON.setLevel(Level.WARNING);
        String directive = admin.directive(Integer.toString(port()));
        Path folder = Files.createTempDirectory("selvage-demo");
        try (var warp = new DemoPeer("warp");
                var weft = new DemoPeer("weft");
                var site = DemoSite.unpack(folder, new DemoSite.Address(port(), https, directive),
                        List.of(warp.port(), weft.port()));
                WatchService changes = folder.getFileSystem().newWatchService()) {
            folder.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
            Thread.ofVirtual().start(() -> printWhenListening(changes, site, directive));
            return spec.root().commandLine().execute("run", "-c", site.configuration().toString(), "-p", folder.toString());
        }
    }

    private int port() {
        return port.orElse(https ? 8443 : 8080);
    }

    private void printWhenListening(WatchService changes, DemoSite site, String directive) {
        if (!site.awaitListening(changes)) {
            return;
        }
        String address = (https ? "https" : "http") + "://127.0.0.1:" + port();
        String curl = https ? "curl --cacert " + site.certificate() : "curl";
        spec.commandLine().getOut().printf("""
                The demo is on %1$s/ and its configuration in %2$s. Ctrl-C ends it. Things to try:
                  %3$s -i %1$s/style.css
                  %3$s %1$s/api/hello %1$s/api/hello
                  %3$s -H 'X-Forwarded-For: 192.0.2.7' %1$s/api/headers
                """, address, site.configuration(), curl);
        if (!directive.isEmpty()) {
            String place = directive.strip().substring("admin ".length()).replace(";", "");
            spec.commandLine().getOut().println("The dashboard is on "
                    + (place.startsWith("unix:") ? place : "http://" + place + "/"));
        }
        spec.commandLine().getOut().flush();
    }
}
