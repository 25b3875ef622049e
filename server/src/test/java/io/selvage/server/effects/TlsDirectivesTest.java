package io.selvage.server.effects;

import io.selvage.server.net.FreePort;
import io.selvage.server.tls.TestAuthority;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.whole.TestServer;
import io.selvage.server.whole.TlsClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLException;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.status;
import static io.selvage.server.effects.TlsServing.A;
import static io.selvage.server.effects.TlsServing.AUTHORITY;
import static io.selvage.server.effects.TlsServing.B;
import static io.selvage.server.effects.TlsServing.can;
import static io.selvage.server.effects.TlsServing.http;
import static io.selvage.server.effects.TlsServing.keys;
import static io.selvage.server.effects.TlsServing.site;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Directives for TLS on the connections of clients: certificates and what is negotiated.
@Timeout(60)
class TlsDirectivesTest {
    private static final String ECDSA_GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private static final String ECDSA_CHACHA = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";

    @Test
    @Effect("ssl_certificate_compression")
    void certificatesAreCompressedForClientsThatCanDecompressThem() throws Exception {
        var both = new DecompressingClient(DecompressingClient.ZLIB, DecompressingClient.BROTLI);
        try (TestServer on = site("boringssl", "ssl_certificate_compression on;");
             TestServer off = site("boringssl", "ssl_certificate_compression off;")) {
            assertEquals(List.of(DecompressingClient.BROTLI), both.formats(on.address()));
            assertEquals(List.of(DecompressingClient.ZLIB),
                    new DecompressingClient(DecompressingClient.ZLIB).formats(on.address()));
            assertEquals(List.of(), new DecompressingClient().formats(on.address()));
            assertEquals(List.of(), both.formats(off.address()));
        }
        var refused = assertThrows(IOException.class, () -> site("jdk", "ssl_certificate_compression on;").close());
        assertTrue(refused.getMessage().contains("\"ssl_certificate_compression\" needs compressed certificates, which the TLS"
                + " engine \"jdk\" cannot do"), refused::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect({"ssl_certificate", "ssl_certificate_key"})
    void siteIsServedWithItsCertificate(String engine) throws Exception {
        try (TestServer server = site(engine, "")) {
            try (var opened = TlsClient.of("a").open(server.address())) {
                assertEquals(A.certificate(), opened.certificate());
                assertEquals("ok", body(opened.get("a", "/")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void chainOfTheFileIsSent(String engine) throws Exception {
        TestAuthority middle = AUTHORITY.intermediate("CN=Middle");
        var issued = middle.issue("c", "c");
        try (TestServer server = http(engine, "server { listen 127.0.0.1:0 ssl; " + keys("c") + "return 200; }",
                "c.crt", issued.certificatePem() + middle.certificatePem(), "c.key", issued.keyPem());
                var opened = TlsClient.of("c").open(server.address())) {
            assertEquals(List.of(issued.certificate(), middle.certificate()), List.of(opened.session().getPeerCertificates()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void ofSeveralCertificatesTheClientGetsOneThatItUnderstands(String engine) throws Exception {
        var rsa = AUTHORITY.issue("RSA", "a", Instant.now(), Instant.now().plus(Duration.ofDays(9)), "a");
        try (TestServer server = site(engine, "ssl_certificate r.crt; ssl_certificate_key r.key;",
                "r.crt", rsa.certificatePem(), "r.key", rsa.keyPem())) {
            for (var each : List.of(A, rsa)) {
                String kind = each == A ? "ECDSA" : "RSA";
                var client = TlsClient.of("a").protocols("TLSv1.2").ciphers("TLS_ECDHE_" + kind + "_WITH_AES_128_GCM_SHA256");
                try (var opened = client.open(server.address())) {
                    assertEquals(each.certificate(), opened.certificate());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void siteIsChosenByTheNameOfTheHandshake(String engine) throws Exception {
        try (TestServer server = http(engine, """
                server { listen 127.0.0.1:0 ssl; server_name a; return 200 a; %s }
                server { listen 127.0.0.1:0 ssl; server_name b *.b ~^b[0-9]; return 200 b; %s }
                server { listen 127.0.0.1:0 ssl; server_name c; return 200 c; }
                """.formatted(keys("a"), keys("b")))) {
            for (String host : List.of("a", "b", "x.b", "b7.example", "c", "other")) {
                try (var opened = TlsClient.of(host).open(server.address())) {
                    X509Certificate expected = host.contains("b") ? B.certificate() : A.certificate();
                    assertEquals(expected, opened.certificate(), host);
                    assertEquals(host.equals("c") ? "c" : host.contains("b") ? "b" : "a", body(opened.get(host, "/")), host);
                }
            }
            try (var opened = TlsClient.nameless().open(server.address())) {
                assertEquals(A.certificate(), opened.certificate());
                assertEquals("b", body(opened.get("b", "/")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_certificate_cache")
    void nameOfACertificateMayHaveVariables(String engine) throws Exception {
        String certificates = "ssl_certificate $ssl_server_name.crt; ssl_certificate_key $ssl_server_name.key;";
        try (TestServer server = http(engine, """
                server { listen 127.0.0.1:0 ssl; return 200 ok; %s ssl_certificate_cache max=10 valid=1h; }
                """.formatted(certificates));
             TestServer reading = http(engine, """
                server { listen 127.0.0.1:0 ssl; return 200 ok; %s ssl_certificate_cache off; }
                """.formatted(certificates))) {
            for (TestServer each : List.of(server, reading)) {
                try (var a = TlsClient.of("a").open(each.address());
                        var b = TlsClient.of("b").open(each.address())) {
                    assertEquals(A.certificate(), a.certificate());
                    assertEquals(B.certificate(), b.certificate());
                }
                assertThrows(SSLException.class, () -> TlsClient.of("missing").open(each.address()));
                assertThrows(SSLException.class, () -> TlsClient.nameless().open(each.address()));
                replace(each.folder().resolve("a.crt"), B.certificatePem());
                replace(each.folder().resolve("a.key"), B.keyPem());
            }
            try (var kept = TlsClient.of("a").open(server.address());
                    var read = TlsClient.of("a").open(reading.address())) {
                assertEquals(A.certificate(), kept.certificate());
                assertEquals(B.certificate(), read.certificate());
            }
        }
    }

    @Test
    void unusableCertificateWithVariablesIsLogged() throws Exception {
        try (TestServer server = http("auto", """
                error_log error.log;
                server { listen 127.0.0.1:0 ssl; ssl_certificate $ssl_server_name.crt; ssl_certificate_key a.key; return 200; }
                """)) {
            assertThrows(SSLException.class, () -> TlsClient.of("missing").open(server.address()));
            assertTrue(server.log("error.log").stream().anyMatch(line -> line.contains("[error]")
                    && line.contains("cannot load certificate \"" + server.folder() + "/missing.crt\": no such file")));
        }
    }

    @Test
    void certificateMayBeTheTextItself() throws Exception {
        try (TestServer server = http("auto", "server { listen 127.0.0.1:0 ssl; ssl_certificate 'data:" + B.certificatePem()
                + "'; ssl_certificate_key 'data:" + B.keyPem() + "'; return 200; }");
                var opened = TlsClient.of("a").open(server.address())) {
            assertEquals(B.certificate(), opened.certificate());
        }
    }

    @Test
    @Effect("ssl_password_file")
    void encryptedKeyIsReadWithAPasswordOfTheFile() throws Exception {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                .setProvider(new BouncyCastleProvider()).setRandom(new SecureRandom()).setPassword("secret".toCharArray())
                .build();
        String key = TestAuthority.pem(new JcaPKCS8Generator(A.key(), encryptor).generate());
        String text = "server { listen 127.0.0.1:0 ssl; ssl_certificate a.crt; ssl_certificate_key e.key; return 200; %s }";
        try (TestServer server = http("auto", text.formatted("ssl_password_file p;"), "e.key", key, "p", "wrong\nsecret\n");
                var opened = TlsClient.of("a").open(server.address())) {
            assertEquals(A.certificate(), opened.certificate());
        }
        assertEquals("cannot load certificate key \"e.key\": the private key in it is encrypted, and there is no password for it",
                assertThrows(IOException.class, () -> http("auto", text.formatted(""), "e.key", key).close())
                        .getMessage().replaceFirst("\"/.*/", "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_protocols")
    void onlyTheVersionsOfTheSiteAreSpoken(String engine) throws Exception {
        try (TestServer server = http(engine, """
                server { listen 127.0.0.1:0 ssl; server_name a; return 200 $ssl_protocol; %s ssl_protocols TLSv1.2; }
                server { listen 127.0.0.1:0 ssl; server_name b; return 200 $ssl_protocol; %s ssl_protocols SSLv3 TLSv1.3; }
                server { listen 127.0.0.1:0 ssl; server_name c; return 200 $ssl_protocol; %s }
                """.formatted(keys("a"), keys("b"), keys("a")))) {
            assertEquals("TLSv1.2", body(TlsClient.of("a").get(server.address(), "a", "/")));
            assertEquals("TLSv1.3", body(TlsClient.of("b").get(server.address(), "b", "/")));
            assertThrows(SSLException.class, () -> TlsClient.of("a").protocols("TLSv1.3").open(server.address()));
            assertThrows(SSLException.class, () -> TlsClient.of("b").protocols("TLSv1.2").open(server.address()));
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                assertEquals(version, body(TlsClient.of("c").protocols(version).get(server.address(), "c", "/")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect({"ssl_ciphers", "ssl_prefer_server_ciphers"})
    void ciphersAreThoseOfTheSite(String engine) throws Exception {
        String site = "server { listen 127.0.0.1:0 ssl; server_name %s; return 200 $ssl_cipher; " + keys("a") + " %s }\n";
        try (TestServer server = http(engine, site.formatted("one", "ssl_ciphers ECDHE+AES128:!SHA;")
                + site.formatted("client", "ssl_ciphers ECDHE+AESGCM:CHACHA20; ssl_prefer_server_ciphers off;")
                + site.formatted("server", "ssl_ciphers ECDHE+AESGCM:CHACHA20;"))) {
            assertEquals("ECDHE-ECDSA-AES128-GCM-SHA256", cipher(server, "one", ECDSA_CHACHA, ECDSA_GCM));
            assertThrows(SSLException.class, () -> cipher(server, "one", ECDSA_CHACHA));
            assertEquals("ECDHE-ECDSA-CHACHA20-POLY1305", cipher(server, "client", ECDSA_CHACHA, ECDSA_GCM));
            assertEquals("ECDHE-ECDSA-AES128-GCM-SHA256", cipher(server, "server", ECDSA_CHACHA, ECDSA_GCM));
        }
    }

    private static String cipher(TestServer server, String host, String... offered) throws IOException {
        return body(TlsClient.of(host).protocols("TLSv1.2").ciphers(offered).get(server.address(), host, "/"));
    }

    /// OpenSSL's own program says what the secrets are.
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    @Effect("ssl_key_log")
    void secretsOfConnectionsAreLogged(String version) throws Exception {
        assertTrue(can("boringssl", TlsCapability.KEY_LOG));
        try (TestServer server = site("boringssl", "ssl_key_log keys.log;")) {
            Path log = server.folder().resolve("keys.log");
            Path expected = server.folder().resolve("expected.log");
            assertTrue(openssl(server, version, "-keylogfile", expected.toString()).contains("Verify return code"));
            server.stop(Duration.ofSeconds(50));
            Set<String> logged = new TreeSet<>(Files.readAllLines(log));
            Set<String> known = new TreeSet<>(Files.readAllLines(expected));
            known.removeIf(line -> line.startsWith("#"));
            assertEquals(known, logged);
            assertEquals(version.equals("-tls1_2") ? List.of("CLIENT_RANDOM") : List.of("CLIENT_HANDSHAKE_TRAFFIC_SECRET",
                            "CLIENT_TRAFFIC_SECRET_0", "EXPORTER_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                            "SERVER_TRAFFIC_SECRET_0"),
                    logged.stream().map(line -> line.substring(0, line.indexOf(' '))).toList());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
        }
    }

    @Test
    void secretsCannotBeLoggedWithTheEngineOfTheJdk() {
        IOException refused = assertThrows(IOException.class, () -> site("jdk", "ssl_key_log keys.log;").close());
        assertTrue(refused.getMessage().contains("\"ssl_key_log\" needs a log of the secrets of connections, which the TLS engine"
                + " \"jdk\" cannot do"), refused.getMessage());
    }

    /// What `openssl s_client` prints about a connection that it ends at once.
    private static String openssl(TestServer server, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect",
                "127.0.0.1:" + server.address().getPort(), "-servername", "a"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        try (var out = process.inputReader()) {
            return out.readAllAsString();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_ecdh_curve")
    void groupIsOneOfTheSite(String engine) throws Exception {
        try (TestServer server = site(engine, "ssl_ecdh_curve secp384r1:prime256v1;")) {
            assertEquals("ok", body(TlsClient.of("a").groups("secp384r1").get(server.address(), "a", "/")));
            assertEquals("ok", body(TlsClient.of("a").groups("secp256r1").get(server.address(), "a", "/")));
            assertThrows(SSLException.class, () -> TlsClient.of("a").groups("x25519").open(server.address()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_conf_command")
    void commandsOfOpenSslChangeWhatIsNegotiated(String engine) throws Exception {
        try (TestServer server = site(engine, "ssl_conf_command MinProtocol TLSv1.3; ssl_conf_command Groups P-384;")) {
            assertThrows(SSLException.class, () -> TlsClient.of("a").protocols("TLSv1.2").open(server.address()));
            assertThrows(SSLException.class, () -> TlsClient.of("a").groups("x25519").open(server.address()));
            assertEquals("ok", body(TlsClient.of("a").groups("secp384r1").get(server.address(), "a", "/")));
        }
    }

    @Test
    void cipherSuitesOfTls13AreChosenWithTheEngineOfTheJdk() throws Exception {
        try (TestServer server = http("jdk", "server { listen 127.0.0.1:0 ssl; return 200 $ssl_cipher; " + keys("a")
                + "ssl_conf_command Ciphersuites TLS_CHACHA20_POLY1305_SHA256; }")) {
            assertEquals("TLS_CHACHA20_POLY1305_SHA256", body(TlsClient.of("a").get(server.address(), "a", "/")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_reject_handshake")
    void handshakeForOtherNamesIsRejected(String engine) throws Exception {
        try (TestServer server = http(engine, """
                server { listen 127.0.0.1:0 ssl default_server; ssl_reject_handshake on; }
                server { listen 127.0.0.1:0 ssl; server_name a; %s return 200 ok; }
                """.formatted(keys("a")))) {
            assertEquals("ok", body(TlsClient.of("a").get(server.address(), "a", "/")));
            assertTrue(assertThrows(SSLException.class, () -> TlsClient.of("other").open(server.address()))
                    .getMessage().contains("unrecognized_name"));
            assertThrows(SSLException.class, () -> TlsClient.nameless().open(server.address()));
        }
    }

    @Test
    @Effect("ssl")
    void addressWhoseDefaultServerHasSslOnSpeaksTls() throws Exception {
        String secure = "server { listen 127.0.0.1:0; server_name a; ssl on; return 200 $scheme; " + keys("a") + "}";
        String plain = "server { listen 127.0.0.1:0; server_name b; return 200 $scheme; }";
        try (TestServer server = http("auto", secure + plain)) {
            assertEquals("https", body(TlsClient.of("a").get(server.address(), "a", "/")));
            assertEquals("https", body(TlsClient.of("a").get(server.address(), "b", "/")));
        }
        try (TestServer server = http("auto", plain + secure)) {
            assertEquals("http", body(server.get("/")));
        }
        try (TestServer server = http("auto", "ssl on; server { listen 127.0.0.1:0; ssl off; return 200 $scheme; }")) {
            assertEquals("http", body(server.get("/")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_buffer_size")
    void recordsHaveTheSizeOfTheBuffer(String engine) throws Exception {
        String body = "x".repeat(8000);
        try (TestServer small = http(engine, "server { listen 127.0.0.1:0 ssl; root .; ssl_buffer_size 1k; " + keys("a") + "}",
                "page", body);
             TestServer large = http(engine, "server { listen 127.0.0.1:0 ssl; root .; " + keys("a") + "}", "page", body)) {
            assertTrue(largestRecord(small) <= 1024, "a record of " + largestRecord(small));
            assertTrue(largestRecord(large) >= 8000, "a record of " + largestRecord(large));
        }
    }

    /// The most bytes that one read returns: a read of the JDK's sockets returns one record.
    private static int largestRecord(TestServer server) throws IOException {
        try (var opened = TlsClient.of("a").open(server.address())) {
            opened.send("GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            byte[] buffer = new byte[32 * 1024];
            int largest = 0;
            for (int count = 0; count >= 0; count = opened.socket().getInputStream().read(buffer)) {
                largest = Math.max(largest, count);
            }
            return largest;
        }
    }

    @Test
    @Effect("ssl_engine")
    void engineDoesTls() throws Exception {
        for (String engine : List.of("auto", "boringssl", "jdk")) {
            try (TestServer server = site(engine, "ssl_ecdh_curve auto;")) {
                assertEquals("ok", body(TlsClient.of("a").get(server.address(), "a", "/")));
            }
        }
        assertTrue(assertThrows(IOException.class, () -> site("boringssl", "ssl_conf_command Ciphersuites "
                + "TLS_AES_128_GCM_SHA256;").close()).getMessage().contains("which the TLS engine \"boringssl\" cannot do"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void changedCertificateIsUsedForNewConnections(String engine) throws Exception {
        try (TestServer server = site(engine, "")) {
            try (var before = TlsClient.of("a").open(server.address())) {
                replace(server.folder().resolve("a.crt"), B.certificatePem());
                replace(server.folder().resolve("a.key"), B.keyPem());
                server.reloadMain(Files.readString(server.folder().resolve("test.conf")));
                try (var after = TlsClient.of("a").open(server.address())) {
                    assertEquals(B.certificate(), after.certificate());
                    assertEquals("ok", body(before.get("a", "/")));
                }
            }
        }
    }

    @Test
    void keysOfRootAreReadAgainUnderAnotherUser(@TempDir Path folder) throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root can change its user");
        Path secret = Files.createDirectory(folder.resolve("secret"), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rwx------")));
        Files.writeString(secret.resolve("a.crt"), A.certificatePem());
        Files.writeString(secret.resolve("a.key"), A.keyPem());
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", FreePort.find());
        try (ServerProcess process = ServerProcess.start(folder, "user daemon; error_log stderr notice; events { } http { "
                + "access_log off; server { listen 127.0.0.1:" + address.getPort() + " ssl; return 204; "
                + "ssl_certificate " + secret + "/a.crt; ssl_certificate_key " + secret + "/a.key; } }")) {
            process.awaitLine("started, io");
            try (var opened = TlsClient.of("a").open(address)) {
                assertEquals(A.certificate(), opened.certificate());
            }
            assertEquals(1, threadsWithRights(process.process().pid()));
            makeReadable(folder);
            replace(secret.resolve("a.crt"), B.certificatePem());
            replace(secret.resolve("a.key"), B.keyPem());
            assertEquals(0, new ProcessBuilder("kill", "-HUP", Long.toString(process.process().pid())).start().waitFor());
            process.awaitLine("the configuration was reloaded");
            try (var opened = TlsClient.of("a").open(address)) {
                assertEquals(B.certificate(), opened.certificate());
            }
        }
    }

    /// The configuration of a temporary folder can be read by root only, unlike those in /etc.
    private static void makeReadable(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.conf")) {
            for (Path file : files) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
    }

    /// How many threads of a process have any right of root, which may be that to read files only.
    private static long threadsWithRights(long pid) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String rights = Files.readAllLines(thread.resolve("status")).stream()
                        .filter(line -> line.startsWith("CapPrm:")).findFirst().orElseThrow().split("\\s+")[1];
                long bits = Long.parseUnsignedLong(rights, 16);
                assertTrue(bits == 0 || bits == 4 || bits == 2, rights);
                count += bits == 0 ? 0 : 1;
            }
        }
        return count;
    }

    private static void replace(Path file, String text) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void requestsKnowThatTheyAreEncrypted(String engine) throws Exception {
        try (TestServer server = http(engine, "server { listen 127.0.0.1:0 ssl; server_name a; " + keys("a")
                + "location /v { return 200 '$scheme $https $ssl_server_name $ssl_session_reused $ssl_client_verify"
                + " <$ssl_client_s_dn>'; } location /r { return 301 /v; } }")) {
            assertEquals("https on a . NONE <>", body(TlsClient.of("a").get(server.address(), "a", "/v")));
            assertEquals("https://a:" + server.address().getPort() + "/v",
                    field(TlsClient.of("a").get(server.address(), "a", "/r"), "Location"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void plainRequestIsAnsweredWithAReason(String engine) throws Exception {
        try (TestServer server = site(engine, "")) {
            String answer = server.get("/");
            assertEquals(400, status(answer));
            assertEquals("close", field(answer, "Connection"));
            assertTrue(body(answer).contains("<center>The plain HTTP request was sent to HTTPS port</center>"), answer);
        }
        try (TestServer server = site(engine, "error_page 497 =301 https://$host$request_uri;")) {
            String answer = server.get("/x");
            assertEquals(301, status(answer));
            assertEquals("https://a/x", field(answer, "Location"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void garbageIsAnsweredWithAnAlertAndLogged(String engine) throws Exception {
        try (TestServer server = site(engine, "error_log error.log info;")) {
            try (var client = server.connect()) {
                client.send("\u0016\u0003\u0001\u0000\u0005hello").endOutput();
                assertEquals("\u0015\u0003", client.readToEnd().substring(0, 2));
            }
            List<String> lines = server.log("error.log");
            assertTrue(lines.getLast().matches(".* \\[info] .*: \\*1 SSL_do_handshake\\(\\) failed \\(SSL: .*\\) "
                    + "while SSL handshaking, client: 127.0.0.1, server: 127.0.0.1:\\d+"), lines::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void handshakeThatNeverEndsIsClosed(String engine) throws Exception {
        try (TestServer server = site(engine, "client_header_timeout 100ms; error_log error.log info;")) {
            try (var client = server.connect()) {
                client.send("\u0016\u0003\u0001\u0001\u0000\u0001");
                client.readToEnd();
            } catch (SocketException _) {
                // The time was over before this thread sent anything.
            }
            List<String> lines = server.log("error.log");
            assertTrue(lines.getLast().contains("client timed out (110: Connection timed out) while SSL handshaking"),
                    lines::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void headerOfTheProxyProtocolComesBeforeTheHandshake(String engine) throws Exception {
        try (TestServer server = http(engine, "server { listen 127.0.0.1:0 ssl proxy_protocol; " + keys("a")
                + " return 200 $proxy_protocol_addr; }");
                var opened = TlsClient.of("a").openAfter(server.address(), "PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n")) {
            assertEquals("192.0.2.7", body(opened.get("a", "/")));
        }
    }
}
