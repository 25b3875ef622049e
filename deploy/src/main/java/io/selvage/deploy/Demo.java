package io.selvage.deploy;

import io.selvage.server.cli.AdminOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
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
/// server in front of them.
@Command(name = "demo", description = "Serves a demo site with two applications behind it.")
final class Demo implements Callable<Integer> {
    /// A strong reference: the JDK forgets the level of a logger that is not referenced.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    /// The time that each answer of the slow application takes.
    private static final Duration SLOW = Duration.ofMillis(400);

    private final ServerRun server;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--port", description = "port of the site on 127.0.0.1 (default: 8080, with --https 8443)")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--https", description = "use TLS with a certificate that is made for the occasion")
    private boolean https;

    @Option(names = "--slow-peer", description = "make one of the two applications slow, and send requests to the site: the "
            + "dashboard shows which one it is")
    private boolean slowPeer;

    @Mixin
    private AdminOption admin = new AdminOption();

    /// Runs the server until it is stopped.
    @FunctionalInterface
    interface ServerRun {
        /// @param prefix the folder for relative paths in the configuration
        /// @return the exit code
        int run(Path configuration, Path prefix);
    }

    Demo(ServerRun server) {
        this.server = server;
    }

    @Override
    public Integer call() throws IOException {
        HELIDON.setLevel(Level.WARNING);
        String directive = admin.directive(Integer.toString(port()));
        Path folder = Files.createTempDirectory("selvage-demo");
        try (var warp = new DemoPeer("warp");
                var weft = new DemoPeer("weft", slowPeer ? SLOW : Duration.ZERO);
                var site = DemoSite.unpack(folder, new DemoSite.Address(port(), https, directive),
                        List.of(warp.port(), weft.port()));
                var visitors = new DemoVisitors();
                WatchService changes = folder.getFileSystem().newWatchService()) {
            folder.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
            Thread.ofVirtual().start(() -> whenListening(changes, site, directive, visitors));
            return server.run(site.configuration(), folder);
        }
    }

    private int port() {
        return port.orElse(https ? 8443 : 8080);
    }

    private void whenListening(WatchService changes, DemoSite site, String directive, DemoVisitors visitors) {
        if (!site.awaitListening(changes)) {
            return;
        }
        print(site, directive);
        if (slowPeer) {
            visitors.start(URI.create(address()), site.trust());
        }
    }

    private String address() {
        return (https ? "https" : "http") + "://127.0.0.1:" + port();
    }

    private void print(DemoSite site, String directive) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("""
                The demo is on %1$s/ and its configuration in %2$s. Ctrl-C ends it. Things to try:
                  %3$s -i %1$s/style.css
                  %3$s %1$s/api/hello %1$s/api/hello
                  %3$s -H 'X-Forwarded-For: 192.0.2.7' %1$s/api/headers
                """, address(), site.configuration(), https ? "curl --cacert " + site.certificate() : "curl");
        if (!directive.isEmpty()) {
            String place = directive.strip().substring("admin ".length()).replace(";", "");
            out.println("The dashboard is on " + (place.startsWith("unix:") ? place : "http://" + place + "/"));
        }
        if (slowPeer) {
            out.println("One of the two applications is slow, and visitors send requests: the dashboard shows which one it is.");
        }
        out.flush();
    }
}
