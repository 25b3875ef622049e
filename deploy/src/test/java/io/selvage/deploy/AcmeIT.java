package io.selvage.deploy;

import io.selvage.server.cli.SelvageCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Certificates from a real ACME server.
class AcmeIT {
    private static final String ISSUED = "issued a certificate for shop\\.example, www\\.shop\\.example, valid until";
    private static final String CERTIFICATE = "(issued a|takes over the stored|uses the stored) certificate for shop";
    private static final String VERIFIED_ORDER = "Issued certificate serial";

    @TempDir
    private Path machine;
    @TempDir
    private Path prefix;
    @TempDir
    private Path other;
    @TempDir
    private Path shared;

    private int plain;
    private int secure;

    @BeforeEach
    void choosePorts() throws IOException {
        plain = SelvageProcess.freePort();
        secure = SelvageProcess.freePort();
    }

    private static String configuration(Pebble pebble, int plain, int secure, String more) {
        return """
                events { }
                http {
                    acme_issuer pebble {
                        uri %s;
                        ssl_trusted_certificate %s;
                        contact me@shop.example;
                        accept_terms_of_service;
                        %s
                    }
                    server {
                        listen 127.0.0.1:%d;
                        return 301 https://$host$request_uri;
                    }
                    server {
                        listen 127.0.0.1:%d ssl;
                        server_name shop.example www.shop.example;
                        acme_certificate pebble;
                        ssl_certificate $acme_certificate;
                        ssl_certificate_key $acme_certificate_key;
                        location / { return 200 hello; }
                    }
                }
                """.formatted(pebble.directory(), pebble.authority(), more, plain, secure);
    }

    @Test
    void aSiteGetsItsCertificateAndRenewsItWithoutDroppingAConnection() throws Exception {
        try (Pebble pebble = Pebble.start(machine, plain, 1, Duration.ofSeconds(4));
                SelvageProcess selvage = SelvageProcess.start(prefix, configuration(pebble, plain, secure, ""))) {
            selvage.server().awaitLines(1, ISSUED);
            try (SSLSocket kept = connect(secure)) {
                assertEquals("HTTP/1.1 200 OK", get(kept));
                X509Certificate first = certificate(kept);
                assertEquals(Set.of(List.of(2, "shop.example"), List.of(2, "www.shop.example")),
                        Set.copyOf(first.getSubjectAlternativeNames()));

                selvage.server().awaitLines(2, ISSUED);

                assertEquals("HTTP/1.1 200 OK", get(kept));
                try (SSLSocket fresh = connect(secure)) {
                    assertNotEquals(first, certificate(fresh));
                    assertEquals("HTTP/1.1 200 OK", get(fresh));
                }
            }
            assertEquals(Map.of("acme_pebble", "rwx------", "account.key", "rw-------", "pem", "rw-------", "lock", "rw-------",
                    "challenges", "rwx------"), modes(prefix.resolve("acme_pebble")));
        }
    }

    @Test
    void aNameIsVerifiedByTlsAlpn01() throws Exception {
        try (Pebble pebble = Pebble.start(machine, 1, secure, Duration.ofDays(90));
                SelvageProcess selvage = SelvageProcess.start(prefix,
                        configuration(pebble, plain, secure, "challenge tls-alpn-01;"))) {
            selvage.server().awaitLines(1, ISSUED);
            try (SSLSocket client = connect(secure)) {
                assertEquals("HTTP/1.1 200 OK", get(client));
            }
            renewByCommand();
        }
    }

    /// The running server answers the ACME server for the command.
    private void renewByCommand() throws Exception {
        Path stored = stored(prefix.resolve("acme_pebble"));
        String before = Files.readString(stored);
        String renewed = command("cert", "renew", "-c", prefix.resolve("selvage.conf").toString(), "-p", prefix.toString());
        assertTrue(renewed.startsWith("renewed shop.example, www.shop.example, valid until 20"), renewed);
        assertNotEquals(before, Files.readString(stored));

        String list = command("cert", "list", "-c", prefix.resolve("selvage.conf").toString(), "-p", prefix.toString());
        assertTrue(list.contains("\nshop.example ") && list.endsWith(" acme_issuer pebble\n"), list);
    }

    private static String command(String... words) {
        StringWriter out = new StringWriter();
        int code = SelvageCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute(words);
        assertEquals(0, code, out::toString);
        return out.toString();
    }

    private static Path stored(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pem")).findFirst().orElseThrow();
        }
    }

    @Test
    void oneLineServesAFolderWithACertificate() throws Exception {
        Files.writeString(prefix.resolve("index.html"), "hello");
        try (Pebble pebble = Pebble.start(machine, plain, 1, Duration.ofDays(90));
                Running selvage = SelvageProcess.run(prefix, List.of(), "serve", ".", "--https", "shop.example",
                        "--email", "me@shop.example", "--acme", pebble.directory().toString(),
                        "--acme-ca", pebble.authority().toString(), "--state", shared.toString(),
                        "--listen", "127.0.0.1:" + secure, "--http", "127.0.0.1:" + plain, "--admin", "off")) {
            selvage.awaitLines(1, "issued a certificate for shop\\.example, valid until");
            try (SSLSocket client = connect(secure)) {
                assertEquals("HTTP/1.1 200 OK", get(client));
            }
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), plain)) {
                assertEquals("HTTP/1.1 301 Moved Permanently", get(client));
            }
        }
    }

    /// The ACME server looks for the challenge at the first one, whichever orders.
    @Test
    void twoServersWithOneFolderOrderOneCertificate() throws Exception {
        String state = "state_path " + shared.resolve("state") + ";";
        int otherPlain = SelvageProcess.freePort();
        int otherSecure = SelvageProcess.freePort();
        try (Pebble pebble = Pebble.start(machine, plain, 1, Duration.ofDays(90))) {
            CompletableFuture<SelvageProcess> started = CompletableFuture.supplyAsync(() -> started(other,
                    configuration(pebble, otherPlain, otherSecure, state)));
            try (SelvageProcess one = SelvageProcess.start(prefix, configuration(pebble, plain, secure, state));
                    SelvageProcess two = started.join()) {
                one.server().awaitLines(1, CERTIFICATE);
                two.server().awaitLines(1, CERTIFICATE);

                try (SSLSocket left = connect(secure); SSLSocket right = connect(otherSecure)) {
                    assertEquals(certificate(left), certificate(right));
                }
            }
            assertEquals(1, pebble.lines().stream().filter(line -> line.contains(VERIFIED_ORDER)).count());
        }
    }

    private static SelvageProcess started(Path prefix, String configuration) {
        try {
            return SelvageProcess.start(prefix, configuration);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAcmeServerThatIsDownLeavesTheSiteRunning() throws Exception {
        try (Pebble pebble = Pebble.start(machine, plain, 1, Duration.ofDays(90))) {
            pebble.stop();
            try (SelvageProcess selvage = SelvageProcess.start(prefix, configuration(pebble, plain, secure, ""))) {
                selvage.server().awaitLines(1, "acme issuer \"pebble\" has no new certificate for shop.example, "
                        + "www.shop.example: the ACME server " + pebble.directory()
                        + " cannot be reached: connection refused; next attempt at ");
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), plain)) {
                    assertEquals("HTTP/1.1 301 Moved Permanently", get(client));
                }

                pebble.start();
                selvage.server().signal("HUP");

                selvage.server().awaitLines(1, ISSUED);
                try (SSLSocket client = connect(secure)) {
                    assertEquals("HTTP/1.1 200 OK", get(client));
                }
            }
        }
    }

    private static SSLSocket connect(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("shop.example")));
        socket.setSSLParameters(parameters);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.startHandshake();
        return socket;
    }

    private static X509Certificate certificate(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    /// The first line of the answer to a GET.
    private static String get(Socket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) socket.getInputStream().read());
        }
        socket.getInputStream().readNBytes(answer.indexOf("Content-Length: 5") < 0 ? 0 : 5);
        return answer.substring(0, answer.indexOf("\r\n"));
    }

    /// The permissions of everything in a folder; those of a certificate by its extension.
    private static Map<String, String> modes(Path folder) throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                modes.put(name.endsWith(".pem") ? "pem" : name,
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        return modes;
    }

    /// Accepts every certificate.
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
