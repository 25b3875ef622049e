package io.selvage.deploy;

import io.selvage.server.tls.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import static java.util.Objects.requireNonNull;

/// The folder of the demo: the pages of the jar as files, and the configuration. [#close] deletes it.
///
/// @param folder contains `site/`, `logs/`, `demo.conf`, with TLS `demo.crt` and `demo.key`, and, while the site is served,
///        `demo.pid`
record DemoSite(Path folder) implements AutoCloseable {
    static final List<String> FILES = List.of("index.html", "style.css", "page.js", "cloth.svg");

    private static final Duration CERTIFICATE_VALID = Duration.ofDays(90);

    /// Where the site listens.
    ///
    /// @param port on the loopback address
    /// @param https whether it speaks TLS
    /// @param admin the directive of that name, with a line break; empty for none
    record Address(int port, boolean https, String admin) {
    }

    /// Fills a folder, which may be empty or contain an earlier demo.
    ///
    /// @param address   of the site
    /// @param peerPorts the ports of the application on the loopback address; at least one
    static DemoSite unpack(Path folder, Address address, List<Integer> peerPorts) throws IOException {
        Path site = Files.createDirectories(folder.resolve("site"));
        Files.createDirectories(folder.resolve("logs"));
        for (String name : FILES) {
            try (InputStream file = requireNonNull(DemoSite.class.getResourceAsStream("site/" + name), name)) {
                Files.write(site.resolve(name), file.readAllBytes());
            }
        }
        var peers = new StringBuilder();
        for (int peer : peerPorts) {
            peers.append("        server 127.0.0.1:").append(peer).append(";\n");
        }
        Files.writeString(folder.resolve("demo.conf"), configuration(address, peers.toString()));
        DemoSite demo = new DemoSite(folder);
        if (address.https()) {
            demo.makeCertificate();
        }
        return demo;
    }

    private void makeCertificate() throws IOException {
        var made = SelfSignedCertificate.of(List.of("localhost", "127.0.0.1", "::1"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS), CERTIFICATE_VALID);
        Files.writeString(certificate(), made.certificatePem());
        Files.writeString(folder.resolve("demo.key"), made.keyPem());
    }

    /// The certificate of a site with TLS.
    Path certificate() {
        return folder.resolve("demo.crt");
    }

    /// Trusts the certificate of the site, if there is one, and no other.
    SSLContext trust() {
        try {
            KeyStore known = KeyStore.getInstance(KeyStore.getDefaultType());
            known.load(null, null);
            if (Files.exists(certificate())) {
                try (InputStream file = Files.newInputStream(certificate())) {
                    known.setCertificateEntry("demo", CertificateFactory.getInstance("X.509").generateCertificate(file));
                }
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(known);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the certificate of the demo cannot be used", e);
        }
    }

    Path configuration() {
        return folder.resolve("demo.conf");
    }

    /// The pid file, which exists while the site listens.
    Path pidFile() {
        return folder.resolve("demo.pid");
    }

    /// Waits until the site listens.
    ///
    /// @param changes reports the files created in the folder
    /// @return false if `changes` was closed before the site listened
    boolean awaitListening(WatchService changes) {
        try {
            while (!Files.exists(pidFile())) {
                changes.take().reset();
            }
            return true;
        } catch (ClosedWatchServiceException | InterruptedException e) {
            return false;
        }
    }

    /// Deletes the folder and its content.
    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String configuration(Address address, String peers) {
        String tls = !address.https() ? "" : " ssl;\n            ssl_certificate demo.crt;\n"
                + "            ssl_certificate_key demo.key;\n            http2 on";
        return """
                %spid demo.pid;
                error_log logs/error.log;

                events {
                }

                http {
                    include mime.types;
                    access_log logs/access.log;

                    upstream application {
                %s    }

                    server {
                        listen 127.0.0.1:%d%s;
                        root site;

                        location /api/ {
                            proxy_pass http://application;
                            proxy_set_header Host $http_host;
                            proxy_set_header X-Real-IP $remote_addr;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        }
                    }
                }
                """.formatted(address.admin(), peers, address.port(), tls);
    }
}
