package io.selvage.server.effects;

import io.selvage.server.tls.TestAuthority;
import io.selvage.server.whole.TestServer;
import io.selvage.server.whole.TlsClient;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.status;
import static io.selvage.server.effects.TlsServing.AUTHORITY;
import static io.selvage.server.effects.TlsServing.CLIENT;
import static io.selvage.server.effects.TlsServing.http;
import static io.selvage.server.effects.TlsServing.keys;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Directives for the certificates of clients.
@Timeout(60)
class ClientCertificateDirectivesTest {
    private static final String SITE = "server { listen 127.0.0.1:0 ssl; server_name %s; return 200 '$ssl_client_verify'; "
            + keys("a") + " %s }\n";
    private static final String TRUSTED = "ssl_client_certificate ca.crt; ";

    private final TestAuthority unknown;
    private final TestAuthority.Issued stranger;
    private final TestAuthority.Issued expired;

    ClientCertificateDirectivesTest() throws Exception {
        unknown = TestAuthority.named("CN=Unknown");
        stranger = unknown.issue("stranger");
        Instant now = Instant.now();
        expired = AUTHORITY.issue("EC", "expired", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
    }

    private static String ask(TestServer server, TlsClient client) throws IOException {
        String answer = client.get(server.address(), "a", "/");
        String reason = body(answer).replaceAll("(?s).*<center>([^<]*)</center>\r\n<hr.*", " $1");
        return status(answer) == 200 ? body(answer) : status(answer) + reason;
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect({"ssl_verify_client", "ssl_client_certificate"})
    void requestsNeedTheCertificateThatTheSiteWants(String engine) throws Exception {
        String none = "400 No required SSL certificate was sent";
        String bad = "400 The SSL certificate error";
        try (TestServer off = http(engine, SITE.formatted("a", TRUSTED));
             TestServer on = http(engine, SITE.formatted("a", TRUSTED + "ssl_verify_client on;"));
             TestServer optional = http(engine, SITE.formatted("a", TRUSTED + "ssl_verify_client optional;"));
             TestServer lenient = http(engine, SITE.formatted("a", "ssl_verify_client optional_no_ca;" + TRUSTED))) {
            assertEquals(List.of("NONE", none, "NONE", "NONE"), asked(TlsClient.of("a"), off, on, optional, lenient));
            assertEquals(List.of("NONE", "SUCCESS", "SUCCESS", "SUCCESS"),
                    asked(TlsClient.of("a", CLIENT), off, on, optional, lenient));
            List<String> strange = asked(TlsClient.of("a", stranger), off, on, optional, lenient);
            assertEquals(List.of("NONE", bad, bad), strange.subList(0, 3));
            assertTrue(strange.getLast().startsWith("FAILED:unable to "), strange::toString);
            assertEquals(List.of("NONE", bad, bad, bad), asked(TlsClient.of("a", expired), off, on, optional, lenient));
        }
    }

    private static List<String> asked(TlsClient client, TestServer... servers) throws IOException {
        List<String> answers = new ArrayList<>();
        for (TestServer server : servers) {
            answers.add(ask(server, client));
        }
        return answers;
    }

    @Test
    void errorPagesMayBeSetForWrongCertificates() throws Exception {
        try (TestServer server = http("auto", SITE.formatted("a", TRUSTED + "ssl_verify_client on; "
                + "error_page 495 =403 /bad; error_page 496 =401 /none; location = /bad { return 200 bad; } "
                + "location = /none { return 200 none; }").replace("return 200 '$ssl_client_verify';", ""))) {
            String none = TlsClient.of("a").get(server.address(), "a", "/");
            assertEquals("401none", status(none) + body(none));
            String bad = TlsClient.of("a", stranger).get(server.address(), "a", "/");
            assertEquals("403bad", status(bad) + body(bad));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_trusted_certificate")
    void otherAuthoritiesMayBeTrusted(String engine) throws Exception {
        String on = "ssl_verify_client on;";
        try (TestServer without = http(engine, SITE.formatted("a", TRUSTED + on));
             TestServer with = http(engine, SITE.formatted("a", TRUSTED + on + "ssl_trusted_certificate u.crt;"), "u.crt",
                     unknown.certificatePem())) {
            assertEquals("400 The SSL certificate error", ask(without, TlsClient.of("a", stranger)));
            assertEquals("SUCCESS", ask(with, TlsClient.of("a", stranger)));
            assertEquals("SUCCESS", ask(with, TlsClient.of("a", CLIENT)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_verify_depth")
    void chainMayBeAsLongAsTheSiteAllows(String engine) throws Exception {
        TestAuthority middle = AUTHORITY.intermediate("CN=Middle");
        TestAuthority lower = middle.intermediate("CN=Lower");
        var client = TlsClient.of("a", lower.issue("deep"), lower.certificate(), middle.certificate());
        String on = TRUSTED + "ssl_verify_client on;";
        try (TestServer one = http(engine, SITE.formatted("a", on));
             TestServer two = http(engine, SITE.formatted("a", on + "ssl_verify_depth 2;"))) {
            assertEquals("400 The SSL certificate error", ask(one, client));
            assertEquals("SUCCESS", ask(two, client));
        }
    }

    @Test
    void pathEndsInATrustedCertificateThatHasSignedItself() throws Exception {
        TestAuthority middle = AUTHORITY.intermediate("CN=Middle");
        var client = TlsClient.of("a", middle.issue("below"));
        String on = "ssl_verify_client optional_no_ca; ssl_client_certificate m.crt;";
        String both = AUTHORITY.certificatePem() + middle.certificatePem();
        try (TestServer one = http("auto", SITE.formatted("a", on), "m.crt", both);
             TestServer none = http("auto", SITE.formatted("a", on + "ssl_verify_depth 0;"), "m.crt", both);
             TestServer alone = http("auto", SITE.formatted("a", on), "m.crt", middle.certificatePem())) {
            assertEquals("SUCCESS", ask(one, client));
            assertEquals("400 The SSL certificate error", ask(none, client));
            assertEquals("400 The SSL certificate error", ask(alone, client));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_crl")
    void revokedCertificateIsRefused(String engine) throws Exception {
        var revoked = AUTHORITY.issue("revoked");
        String on = TRUSTED + "ssl_verify_client on;";
        try (TestServer without = http(engine, SITE.formatted("a", on));
             TestServer with = http(engine, SITE.formatted("a", on + "ssl_crl crl;"), "crl",
                     TestAuthority.pem(AUTHORITY.revoke(revoked)))) {
            assertEquals("SUCCESS", ask(without, TlsClient.of("a", revoked)));
            assertEquals("400 The SSL certificate error", ask(with, TlsClient.of("a", revoked)));
            assertEquals("SUCCESS", ask(with, TlsClient.of("a", CLIENT)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void variablesTellAboutTheCertificate(String engine) throws Exception {
        byte[] encoded = CLIENT.certificate().getEncoded();
        String serial = hex(CLIENT.certificate().getSerialNumber());
        try (TestServer server = http(engine, """
                server {
                    listen 127.0.0.1:0 ssl;
                    %s %s ssl_verify_client on;
                    location /dn { return 200 '$ssl_client_s_dn $ssl_client_i_dn'; }
                    location /legacy { return 200 '$ssl_client_s_dn_legacy $ssl_client_i_dn_legacy'; }
                    location /values { return 200 '$ssl_client_serial $ssl_client_fingerprint $ssl_client_v_remain'; }
                    location /time { return 200 '$ssl_client_v_start|$ssl_client_v_end'; }
                    location /raw { return 200 $ssl_client_raw_cert; }
                    location /cert { return 200 $ssl_client_cert; }
                    location /escaped { return 200 $ssl_client_escaped_cert; }
                }
                """.formatted(keys("a"), TRUSTED))) {
            TlsClient client = TlsClient.of("a", CLIENT);
            assertEquals("O=Users,CN=client O=Selvage,CN=Test Authority", get(server, client, "/dn"));
            assertEquals("/CN=client/O=Users /CN=Test Authority/O=Selvage", get(server, client, "/legacy"));
            assertEquals(serial + " " + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(encoded)) + " 364",
                    get(server, client, "/values"));
            assertTrue(get(server, client, "/time").matches(
                    "[A-Z][a-z]{2} [ 123][0-9] \\d\\d:\\d\\d:\\d\\d \\d{4} GMT\\|[A-Z][a-z]{2} [ 123][0-9] .* GMT"));
            String pem = CLIENT.certificatePem().replace("\r\n", "\n");
            assertEquals(pem, get(server, client, "/raw"));
            assertEquals(pem.strip().replace("\n", "\n\t"), get(server, client, "/cert"));
            assertEquals(URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20"),
                    get(server, client, "/escaped"));
        }
    }

    private static String get(TestServer server, TlsClient client, String target) throws IOException {
        return body(client.get(server.address(), "a", target));
    }

    private static String hex(BigInteger number) {
        String digits = number.toString(16).toUpperCase(Locale.ROOT);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void requestForASiteWithOtherRulesIsMisdirected(String engine) throws Exception {
        String on = TRUSTED + "ssl_verify_client on;";
        try (TestServer server = http(engine, SITE.formatted("open", "") + SITE.formatted("closed", on)
                + SITE.formatted("alike", on) + SITE.formatted("other", on + "ssl_verify_depth 3;"))) {
            assertEquals(200, status(TlsClient.of("closed", CLIENT).get(server.address(), "closed", "/")));
            assertEquals(200, status(TlsClient.of("closed", CLIENT).get(server.address(), "alike", "/")));
            assertEquals(200, status(TlsClient.of("closed", CLIENT).get(server.address(), "open", "/")));
            assertEquals(421, status(TlsClient.of("closed", CLIENT).get(server.address(), "other", "/")));
            assertEquals(421, status(TlsClient.of("open", CLIENT).get(server.address(), "closed", "/")));
            assertEquals(400, status(TlsClient.nameless().get(server.address(), "closed", "/")));
        }
    }
}
