package io.selvage.deploy;

import io.selvage.server.cli.SelvageCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.Command;

/// Runs a server under load for some seconds, for a JVM that records an AOT cache (`-XX:AOTCacheOutput`). It starts the demo
/// site as in production, sends typical requests, reloads and stops it; then the same with TLS.
@Command(name = "train", hidden = true, description =
        "Serves for some seconds while the JVM records an AOT cache (-XX:AOTCacheOutput).")
final class Train implements Callable<Integer> {
    private static final int LARGE = 1 << 20;
    private static final int VISITORS = 4;
    private static final int CONNECTIONS = 2;
    /// A strong reference: the JDK forgets the level of a logger that is not referenced.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

    @Override
    public Integer call() throws IOException, GeneralSecurityException, InterruptedException, ExecutionException {
        HELIDON.setLevel(Level.WARNING);
        int exit = train(false);
        return exit == 0 ? train(true) : exit;
    }

    private static int train(boolean https)
            throws IOException, GeneralSecurityException, InterruptedException, ExecutionException {
        Path folder = Files.createTempDirectory("selvage-train");
        int port = freePort();
        try (var warp = new DemoPeer("warp");
                var weft = new DemoPeer("weft");
                var site = DemoSite.unpack(folder, new DemoSite.Address(port, https, ""), List.of(warp.port(), weft.port()));
                WatchService changes = folder.getFileSystem().newWatchService()) {
            Files.write(folder.resolve("site/large"), new byte[LARGE]);
            folder.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
            SocketFactory sockets = https ? trusting(site.certificate()) : SocketFactory.getDefault();
            var visit = new FutureTask<Integer>(() -> site.awaitListening(changes) ? visit(site, sockets, port) : 1);
            Thread.ofPlatform().daemon().start(visit);
            int exit = server("run", site);
            return exit == 0 ? visit.get() : exit;
        }
    }

    /// Sockets of a client that trusts one certificate.
    private static SocketFactory trusting(Path certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry("demo", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static int visit(DemoSite site, SocketFactory sockets, int port) throws InterruptedException, ExecutionException {
        try {
            visitors(sockets, port);
            server("-s", site, "reload");
            visitors(sockets, port);
            return 0;
        } finally {
            server("-s", site, "stop");
        }
    }

    private static void visitors(SocketFactory sockets, int port) throws InterruptedException, ExecutionException {
        var visitors = new ArrayList<FutureTask<Void>>();
        for (int i = 0; i < VISITORS; i++) {
            var visitor = new FutureTask<Void>(() -> {
                Visitor.visit(sockets, port, CONNECTIONS);
                return null;
            });
            Thread.ofPlatform().daemon().start(visitor);
            visitors.add(visitor);
        }
        for (FutureTask<Void> visitor : visitors) {
            visitor.get();
        }
    }

    /// A new command line for each call: two run at the same time, and picocli keeps the parsed arguments. It has all
    /// commands, so that the cache has their classes.
    private static int server(String command, DemoSite site, String... more) {
        var arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("-c", site.configuration().toString(), "-p", site.folder().toString()));
        return SelvageCommand.commandLine().execute(arguments.toArray(String[]::new));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
