package io.selvage.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The ACME server `pebble`, and a name server that knows every name as 127.0.0.1.
///
/// If they are not installed, the test is skipped, or fails with `-Dselvage.real=required`.
final class Pebble implements AutoCloseable {
    private static final String PEBBLE = "/usr/bin/pebble";
    private static final String NAMES = "/usr/bin/pebble-challtestsrv";

    private final Running names;
    private final List<Running> servers = new ArrayList<>();
    private final Path folder;
    private final int port;
    private final int namePort;
    private final Map<String, String> environment = new TreeMap<>(Map.of("PEBBLE_VA_NOSLEEP", "1"));

    private Pebble(Path folder, Running names, int namePort, int port) {
        this.folder = folder;
        this.names = names;
        this.namePort = namePort;
        this.port = port;
    }

    /// @param folder for its files; empty
    /// @param httpPort where it looks for the answers of http-01
    /// @param tlsPort where it looks for those of tls-alpn-01
    /// @param validity of its certificates
    static Pebble start(Path folder, int httpPort, int tlsPort, Duration validity) throws IOException, InterruptedException {
        Application.require(PEBBLE, "");
        Application.require(NAMES, "");
        int namePort = SelvageProcess.freePort();
        var names = new Running(folder, Map.of(), "TERM", List.of(NAMES, "-dns01", "127.0.0.1:" + namePort, "-http01", "",
                "-https01", "", "-tlsalpn01", "", "-management", "127.0.0.1:" + SelvageProcess.freePort(), "-defaultIPv6", ""));
        names.awaitLines(1, "Starting management server");
        Pebble pebble = new Pebble(folder, names, namePort, SelvageProcess.freePort());
        pebble.writeCertificate();
        Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                 "certificate": "server.pem", "privateKey": "server.key", "httpPort": %d, "tlsPort": %d,
                 "ocspResponderURL": "", "externalAccountBindingRequired": false, "certificateValidityPeriod": %d}}
                """.formatted(pebble.port, SelvageProcess.freePort(), httpPort, tlsPort, validity.toSeconds()));
        pebble.start();
        return pebble;
    }

    /// Starts it after a [#stop]; it has forgotten everything.
    void start() throws IOException, InterruptedException {
        Running server = new Running(folder, environment, "TERM",
                List.of(PEBBLE, "-config", "pebble.json", "-dnsserver", "127.0.0.1:" + namePort));
        server.awaitLines(1, "Listening on");
        servers.add(server);
    }

    void stop() throws InterruptedException {
        servers.getLast().kill();
    }

    /// What it has written.
    List<String> lines() {
        return servers.getLast().lines();
    }

    URI directory() {
        return URI.create("https://127.0.0.1:" + port + "/dir");
    }

    /// The certificate of the server itself.
    Path authority() {
        return folder.resolve("server.pem");
    }

    private void writeCertificate() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Instant now = Instant.now();
            X500Name name = new X500Name("CN=pebble");
            byte[] certificate = new JcaX509v3CertificateBuilder(name, BigInteger.ONE, Date.from(now.minusSeconds(60)),
                    Date.from(now.plusSeconds(3600)), name, pair.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false,
                            new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())).getEncoded();
            Files.writeString(folder.resolve("server.pem"), pem("CERTIFICATE", certificate));
            Files.writeString(folder.resolve("server.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    @Override
    public void close() {
        try {
            for (Running server : servers) {
                server.close();
            }
            names.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
