package io.selvage.server.effects;

import io.selvage.server.proxy.Http2Wire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.TlsOrigin;
import io.selvage.server.proxy.TlsOrigin.Handshake;
import io.selvage.server.tls.TestAuthority;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.status;
import static io.selvage.server.effects.TlsServing.A;
import static io.selvage.server.effects.TlsServing.AUTHORITY;
import static io.selvage.server.effects.TlsServing.B;
import static io.selvage.server.effects.TlsServing.CLIENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Directives for TLS on the connections to peers, with both engines.
@Timeout(60)
@ParameterizedClass
@CsvSource({"proxy, boringssl", "proxy, jdk", "grpc, boringssl", "grpc, jdk", "uwsgi, boringssl", "uwsgi, jdk"})
class PeerTlsDirectivesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String VERIFY = "*_ssl_verify on; *_ssl_trusted_certificate ca.crt; *_ssl_name a;";
    private static final TestAuthority OTHER = other();

    @Parameter(0)
    private String language;

    @Parameter(1)
    private String engine;

    private static TestAuthority other() {
        try {
            return TestAuthority.named("CN=Other");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// A server whose locations pass to the peer, each with its directives: `/0`, `/1` and so on.
    private TestServer passing(String address, List<String> files, String... directives) throws Exception {
        StringBuilder locations = new StringBuilder();
        for (int i = 0; i < directives.length; i++) {
            locations.append(location("/" + i, address, directives[i]));
        }
        String text = "ssl_engine " + engine + "; error_log error.log info; events { } http { access_log off; server { "
                + "listen 127.0.0.1:0; " + locations + "} }";
        List<String> usual = List.of("ca.crt", AUTHORITY.certificatePem(), "other.crt", OTHER.certificatePem(),
                "client.crt", CLIENT.certificatePem(), "client.key", CLIENT.keyPem());
        return Serving.main(text, Stream.concat(usual.stream(), files.stream()).toArray(String[]::new));
    }

    private TestServer passing(TlsOrigin peer, String... directives) throws Exception {
        return passing(peer.address(), List.of(), directives);
    }

    private String location(String path, String address, String directives) {
        String pass = switch (language) {
            case "proxy" -> "proxy_pass https://%s; proxy_http_version 1.0; ";
            case "grpc" -> "grpc_pass grpcs://%s; ";
            default -> "uwsgi_pass suwsgi://%s; uwsgi_param A b; ";
        };
        return "location " + path + " { " + pass.formatted(address) + directives.replace("*_", language + "_") + " }\n";
    }

    /// A peer that answers one request on each connection.
    private Origin answering() throws IOException {
        return switch (language) {
            case "proxy" -> PeerLanguage.PROXY.answering(OK);
            case "grpc" -> Origin.scripted(wire -> {
                Http2Wire frames = Http2Wire.greet(wire);
                int stream = frames.readRequest().stream();
                frames.head(stream, false, ":status", "200", "content-length", "2").goAway(stream, 0)
                        .data(stream, true, "ok");
                wire.end();
            });
            default -> PeerLanguage.UWSGI.answering(OK);
        };
    }

    private static void assertOk(TestServer server, String path) throws IOException {
        String answer = server.get(path);
        if (status(answer) != 200) {
            throw new AssertionError(path + ": " + server.lines("error.log"));
        }
        assertEquals("ok", body(answer));
    }

    private static Handshake last(TlsOrigin peer) {
        return peer.handshakes().getLast();
    }

    @Test
    void passReachesAPeerThatSpeaksTls() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
             TestServer server = passing(peer, "")) {
            assertOk(server, "/0");
            assertEquals("TLSv1.3", last(peer).protocol());
        }
    }

    @Test
    @Effect("*_ssl_protocols")
    void protocolsLimitTheVersions() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
             TestServer server = passing(peer, "*_ssl_protocols TLSv1.2;", "*_ssl_protocols TLSv1.3;")) {
            assertOk(server, "/0");
            assertEquals("TLSv1.2", last(peer).protocol());
            assertOk(server, "/1");
            assertEquals("TLSv1.3", last(peer).protocol());
        }
    }

    @Test
    @Effect("*_ssl_ciphers")
    void ciphersChooseTheSuite() throws Exception {
        String old = "*_ssl_protocols TLSv1.2; *_ssl_ciphers ";
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
             TestServer server = passing(peer, old + "ECDHE-ECDSA-AES128-GCM-SHA256;", old + "CHACHA20:!RSA;")) {
            assertOk(server, "/0");
            assertEquals("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", last(peer).cipher());
            assertOk(server, "/1");
            assertEquals("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", last(peer).cipher());
        }
    }

    @Test
    @Effect("*_ssl_conf_command")
    void confCommandSetsAnOption() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
             TestServer server = passing(peer, "*_ssl_conf_command MaxProtocol TLSv1.2;")) {
            assertOk(server, "/0");
            assertEquals("TLSv1.2", last(peer).protocol());
        }
    }

    @Test
    @Effect("*_ssl_key_log")
    void secretsOfConnectionsAreLogged() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A)) {
            String directives = "*_ssl_key_log keys.log; *_ssl_protocols TLSv1.2;";
            if (!TlsServing.can(engine, TlsCapability.KEY_LOG)) {
                IOException refused = assertThrows(IOException.class, () -> passing(peer, directives).close());
                assertTrue(refused.getMessage().contains("_ssl_key_log\" needs a log of the secrets of connections, which the TLS"
                        + " engine \"jdk\" cannot do"), refused.getMessage());
                return;
            }
            try (TestServer server = passing(peer, directives, "")) {
                assertOk(server, "/0");
                assertOk(server, "/1");
                server.stop(Duration.ofSeconds(50));
                List<String> lines = Files.readAllLines(server.folder().resolve("keys.log"));
                assertEquals(1, lines.size(), lines::toString);
                assertTrue(lines.getFirst().matches("CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}"), lines::toString);
            }
        }
    }

    @Test
    @Effect("*_ssl_verify")
    void verifyRefusesAnUnknownAuthority() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, OTHER.issue("a", "a"));
             TestServer server = passing(peer, "", VERIFY)) {
            assertOk(server, "/0");
            assertEquals(502, status(server.get("/1")));
            assertTrue(server.errorLog().stream().anyMatch(line -> line.contains("upstream SSL certificate verify error: (21:"
                    + "unable to verify the first certificate) while SSL handshaking to upstream")), server.errorLog()::toString);
        }
    }

    @Test
    @Effect("*_ssl_trusted_certificate")
    void trustedCertificateNamesTheAuthorities() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, OTHER.issue("a", "a"));
             TestServer server = passing(peer, VERIFY, VERIFY.replace("ca.crt", "other.crt"))) {
            assertEquals(502, status(server.get("/0")));
            assertOk(server, "/1");
        }
    }

    @Test
    @Effect("*_ssl_verify_depth")
    void verifyDepthLimitsTheChain() throws Exception {
        TestAuthority first = AUTHORITY.intermediate("CN=First");
        TestAuthority second = first.intermediate("CN=Second");
        X509Certificate[] chain = {second.certificate(), first.certificate()};
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, second.issue("a", "a"), chain);
             TestServer server = passing(peer, VERIFY, VERIFY + "*_ssl_verify_depth 2;")) {
            assertEquals(502, status(server.get("/0")));
            assertOk(server, "/1");
            assertTrue(server.errorLog().getLast().contains("(22:certificate chain too long)"), server.errorLog()::toString);
        }
    }

    @Test
    @Effect("*_ssl_crl")
    void crlRefusesRevokedCertificates() throws Exception {
        var revoked = AUTHORITY.issue("a", "a");
        List<String> files = List.of("good.crl", TestAuthority.pem(AUTHORITY.revoke()),
                "bad.crl", TestAuthority.pem(AUTHORITY.revoke(revoked)));
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, revoked);
             TestServer server = passing(peer.address(), files, VERIFY + "*_ssl_crl good.crl;", VERIFY + "*_ssl_crl bad.crl;")) {
            assertOk(server, "/0");
            assertEquals(502, status(server.get("/1")));
            assertTrue(server.errorLog().getLast().contains("(23:certificate revoked)"), server.errorLog()::toString);
        }
    }

    @Test
    @Effect("*_ssl_name")
    void nameIsTheNameInTheCertificate() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
             TestServer server = passing(peer, VERIFY, VERIFY.replace("_name a", "_name b"),
                     VERIFY.replace("_name a", "_name $arg_name:443"))) {
            assertOk(server, "/0");
            assertEquals(502, status(server.get("/1")));
            assertOk(server, "/2?name=a");
            assertEquals(502, status(server.get("/2?name=b")));
            assertTrue(server.errorLog().getFirst().contains("upstream SSL certificate does not match \"b\""),
                    server.errorLog()::toString);
        }
    }

    @Test
    @Effect("*_ssl_server_name")
    void serverNameIsSent() throws Exception {
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
             TestServer server = passing(peer, "*_ssl_name shop.example;", "*_ssl_name shop.example; *_ssl_server_name on;",
                     "*_ssl_server_name on;")) {
            assertOk(server, "/0");
            assertEquals("", last(peer).name());
            assertOk(server, "/1");
            assertEquals("shop.example", last(peer).name());
            assertOk(server, "/2");
            assertEquals("", last(peer).name());           // an address
        }
    }

    @Test
    @Effect("*_ssl_session_reuse")
    void sessionReuseResumesSessions() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            String protocol = "*_ssl_protocols " + version + ";";
            try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
                 TestServer server = passing(peer, protocol, protocol + "*_ssl_session_reuse off;")) {
                for (String path : List.of("/0", "/0", "/1", "/1")) {
                    assertOk(server, path);
                }
                assertEquals(List.of(false, true, false, false), peer.handshakes().stream().map(Handshake::resumed).toList());
            }
        }
    }

    @Test
    @Effect({"*_ssl_certificate", "*_ssl_certificate_key"})
    void certificateIsShown() throws Exception {
        String keys = "*_ssl_certificate client.crt; *_ssl_certificate_key client.key;";
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.needing(AUTHORITY, origin, A);
             TestServer server = passing(peer, "", keys, keys.replace("client.", "$arg_c."))) {
            assertEquals(502, status(server.get("/0")));
            assertOk(server, "/1");
            assertTrue(last(peer).client().contains("CN=client"), last(peer)::toString);
            assertOk(server, "/2?c=client");
            assertEquals(500, status(server.get("/2?c=missing")));
            assertTrue(server.errorLog().getLast().contains("missing.crt\": no such file"), server.errorLog()::toString);
        }
    }

    @Test
    void emptyCertificateIsNone() throws Exception {
        String keys = "*_ssl_certificate $arg_c; *_ssl_certificate_key $arg_c;";
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.inFrontOf(origin, A);
             TestServer server = passing(peer, keys, "*_ssl_certificate \"\";")) {
            assertOk(server, "/0");
            assertOk(server, "/1");
        }
    }

    @Test
    @Effect("*_ssl_password_file")
    void passwordFileDecryptsTheKey() throws Exception {
        var encryptor = new JceOpenSSLPKCS8EncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                .setProvider(new BouncyCastleProvider()).setRandom(new SecureRandom()).setPassword("secret".toCharArray())
                .build();
        String key = TestAuthority.pem(new JcaPKCS8Generator(CLIENT.key(), encryptor).generate());
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.needing(AUTHORITY, origin, A);
             TestServer server = passing(peer.address(), List.of("e.key", key, "p", "wrong\nsecret\n"),
                     "*_ssl_certificate client.crt; *_ssl_certificate_key e.key; *_ssl_password_file p;")) {
            assertOk(server, "/0");
        }
    }

    @Test
    @Effect("*_ssl_certificate_cache")
    void certificateCacheKeepsCertificates() throws Exception {
        String keys = "*_ssl_certificate $arg_c.crt; *_ssl_certificate_key $arg_c.key; *_ssl_certificate_cache ";
        try (Origin origin = answering(); TlsOrigin peer = TlsOrigin.needing(AUTHORITY, origin, A);
             TestServer server = passing(peer, keys + "max=1 valid=1h;", keys + "off;")) {
            assertOk(server, "/0?c=client");
            assertOk(server, "/1?c=client");
            Files.writeString(server.folder().resolve("client.crt"), B.certificatePem());
            Files.writeString(server.folder().resolve("client.key"), B.keyPem());
            assertOk(server, "/0?c=client");
            assertTrue(last(peer).client().contains("CN=client"), last(peer)::toString);
            assertOk(server, "/1?c=client");
            assertEquals("CN=b", last(peer).client());
        }
    }
}
