package io.selvage.server.effects;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.module.Modules;
import io.selvage.server.whole.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Certificates of an ACME server.
@Timeout(60)
class AcmeDirectivesTest {
    private static final String SITE = """
            server {
                listen 127.0.0.1:0;
                server_name shop.example www.shop.example;
                %s
                location = /certificate { return 200 $acme_certificate; }
                location = /key { return 200 $acme_certificate_key; }
                location / { return 301 https://shop.example$request_uri; }
            }
            """;

    private static String issuer(AcmeStub stub, String more) {
        return "acme_issuer stub { uri " + stub.directory() + "; accept_terms_of_service; " + more + " }\n";
    }

    /// A server whose site has this `acme_certificate`; its certificate is there.
    private static TestServer issued(AcmeStub stub, String issuer, String certificate, String... files) throws Exception {
        TestServer server = http(issuer + SITE.formatted(certificate), files);
        stub.site(server.address());
        await(server, " issued a certificate for ");
        return server;
    }

    /// Waits for a message.
    private static String await(TestServer server, String message) throws Exception {
        for (int count = 1;; count++) {
            String line = server.awaitLines("error.log", count).get(count - 1);
            if (line.contains(message)) {
                return line;
            }
        }
    }

    private static X509Certificate certificate(TestServer server) throws Exception {
        return chain(server).getFirst();
    }

    private static List<X509Certificate> chain(TestServer server) throws Exception {
        String text = body(server.get("/certificate"));
        assertTrue(text.startsWith("data:-----BEGIN CERTIFICATE-----"), text);
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(text.substring(5).getBytes(StandardCharsets.US_ASCII))).stream()
                .map(X509Certificate.class::cast).toList();
    }

    @Test
    @Effect({"acme_issuer", "uri", "acme_certificate"})
    void aCertificateForTheNamesOfTheSiteIsOrdered() throws Exception {
        try (AcmeStub stub = AcmeStub.start(); TestServer server = issued(stub, issuer(stub, ""), "acme_certificate stub;")) {
            assertEquals("[[2, shop.example], [2, www.shop.example]]",
                    certificate(server).getSubjectAlternativeNames().toString());
            assertEquals("EC", certificate(server).getPublicKey().getAlgorithm());
            assertTrue(body(server.get("/key")).startsWith("data:-----BEGIN PRIVATE KEY-----"));
            assertEquals(1, stub.orders());
        }
    }

    @Test
    void otherNamesAndAnotherKeyCanBeOrdered() throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = issued(stub, issuer(stub, ""), "acme_certificate stub .a.example key=rsa:2048;")) {
            assertEquals("[[2, www.a.example], [2, a.example]]", certificate(server).getSubjectAlternativeNames().toString());
            assertEquals("RSA", certificate(server).getPublicKey().getAlgorithm());
        }
    }

    /// The site redirects everything, and its other locations are closed.
    @Test
    @Effect("challenge")
    void theChallengeIsAnsweredBeforeAnythingElseOfEverySite() throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = http(issuer(stub, "challenge http;") + """
                        server { listen 127.0.0.1:0; server_name first; deny all; return 403; }
                        """ + SITE.formatted("acme_certificate stub other.example;"))) {
            stub.site(server.address());
            await(server, " issued a certificate for other.example");
            assertTrue(stub.shown("other.example").matches("[\\w-]+\\.[\\w-]{43}"), () -> stub.shown("other.example"));
            assertEquals(403, status(server.get("/.well-known/acme-challenge/unknown")));
        }
    }

    @Test
    void anotherChallengeIsAnsweredOtherwise() throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = http(issuer(stub, "challenge tls-alpn-01;") + SITE.formatted("acme_certificate stub;"))) {
            stub.site(server.address());
            String line = await(server, "could not be verified");
            assertTrue(line.contains("[error]"), line);
            assertTrue(line.contains("acme issuer \"stub\" has no new certificate for shop.example, www.shop.example: "
                    + "shop.example could not be verified by tls-alpn-01: the ACME server says \"nothing found\" (connection); "
                    + "the name must lead to this server, and its port 443 must be reachable from there; "
                    + "next attempt at 20"), line);
        }
    }

    @Test
    @Effect("accept_terms_of_service")
    void theTermsOfServiceAreAcceptedOnRequest() throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = http("acme_issuer stub { uri " + stub.directory() + "; }"
                        + SITE.formatted("acme_certificate stub;"))) {
            String line = await(server, "accept_terms_of_service");
            assertTrue(line.contains("the ACME server says \"Provided account did not agree to the terms of service\" "
                    + "(userActionRequired); read ") && line.contains("/terms and set \"accept_terms_of_service\" in the "
                    + "acme_issuer \"stub\"; next attempt at 20"), line);
            assertEquals(0, stub.orders());
            assertEquals("", body(server.get("/certificate")));
        }
    }

    @Test
    @Effect("contact")
    void theAccountHasContacts() throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer _ = issued(stub, issuer(stub, "contact me@shop.example; contact mailto:you@shop.example;"),
                        "acme_certificate stub;")) {
            assertTrue(stub.payload("/account").contains("[\"mailto:me@shop.example\",\"mailto:you@shop.example\"]"),
                    () -> stub.payload("/account"));
        }
    }

    @ParameterizedTest
    @CsvSource({"'', ES256", "account_key ecdsa:384;, ES384", "account_key rsa;, RS256"})
    @Effect("account_key")
    void theAccountHasAKeyOfItsKind(String line, String algorithm) throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer _ = issued(stub, issuer(stub, line), "acme_certificate stub;")) {
            assertTrue(stub.head("/account").contains("\"alg\":\"" + algorithm + "\""), () -> stub.head("/account"));
        }
    }

    @Test
    void theKeyOfTheAccountMayBeInAFile() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        try (AcmeStub stub = AcmeStub.start();
                TestServer _ = issued(stub, issuer(stub, "account_key my.key;"), "acme_certificate stub;", "my.key", pem)) {
            assertTrue(stub.head("/account").contains("\"alg\":\"RS256\""), () -> stub.head("/account"));
        }
    }

    @ParameterizedTest
    @CsvSource({"data:c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTMyLWI", "mac"})
    @Effect("external_account_key")
    void theAccountIsBoundToAnExternalOne(String key) throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer _ = issued(stub, issuer(stub, "external_account_key kid-1 " + key + ";"), "acme_certificate stub;",
                        "mac", "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTMyLWI=\n")) {
            String payload = stub.payload("/account");
            int start = payload.indexOf("\"protected\":\"") + 13;
            String head = new String(Base64.getUrlDecoder().decode(payload.substring(start, payload.indexOf('"', start))),
                    StandardCharsets.UTF_8);
            assertTrue(head.contains("\"kid\":\"kid-1\"") && head.contains("\"alg\":\"HS256\""), head);
        }
    }

    @Test
    @Effect("profile")
    void aProfileIsAskedForIfTheServerHasIt() throws Exception {
        try (AcmeStub stub = AcmeStub.start()) {
            stub.meta(", \"profiles\": {\"short\": \"six days\"}");
            try (TestServer _ = issued(stub, issuer(stub, "profile short require;"), "acme_certificate stub;")) {
                assertTrue(stub.payload("/new-order").contains("\"profile\":\"short\""), () -> stub.payload("/new-order"));
            }
        }
        try (AcmeStub stub = AcmeStub.start();
                TestServer _ = issued(stub, issuer(stub, "profile short;"), "acme_certificate stub;")) {
            assertFalse(stub.payload("/new-order").contains("profile"));
        }
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = http(issuer(stub, "profile short require;") + SITE.formatted("acme_certificate stub;"))) {
            await(server, "the ACME server has no profile \"short\"");
            assertEquals(0, stub.orders());
        }
    }

    @ParameterizedTest
    @CsvSource({"'', CN=stub", "preferred_chain other;, CN=other", "preferred_chain third;, CN=stub"})
    @Effect("preferred_chain")
    void aChainIsPreferred(String line, String issuer) throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = issued(stub, issuer(stub, line), "acme_certificate stub;")) {
            assertEquals(issuer, chain(server).getLast().getIssuerX500Principal().getName());
        }
    }

    @ParameterizedTest
    @CsvSource({"'', CN=none", "common_name_in_csr on;, CN=shop.example"})
    @Effect("common_name_in_csr")
    void theFirstNameIsTheCommonNameOnRequest(String line, String subject) throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = issued(stub, issuer(stub, line), "acme_certificate stub;")) {
            assertEquals(subject, certificate(server).getSubjectX500Principal().getName());
        }
    }

    @Test
    @Effect({"ssl_trusted_certificate in acme_issuer", "ssl_verify"})
    void theCertificateOfTheServerIsChecked() throws Exception {
        try (AcmeStub stub = AcmeStub.start(true)) {
            String site = SITE.formatted("acme_certificate stub;");
            try (TestServer server = http(issuer(stub, "") + site)) {
                String line = await(server, "cannot be reached");
                assertTrue(line.contains("PKIX path building failed") && line.contains("; \"ssl_trusted_certificate\" in the "
                        + "acme_issuer names other authorities; next attempt at 20"), line);
            }
            issued(stub, issuer(stub, "ssl_trusted_certificate stub.pem;"), "acme_certificate stub;",
                    "stub.pem", stub.rootPem()).close();
        }
        try (AcmeStub stub = AcmeStub.start(true)) {
            issued(stub, issuer(stub, "ssl_verify off;"), "acme_certificate stub;").close();
        }
    }

    @Test
    @Effect("state_path")
    void theStateIsKeptInAFolder() throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = issued(stub, issuer(stub, "state_path deep/state;"), "acme_certificate stub;")) {
            Path folder = server.folder().resolve("deep/state");
            assertTrue(Files.readString(folder.resolve("account.key")).startsWith("-----BEGIN PRIVATE KEY-----"));
            String before = body(server.get("/certificate"));

            server.reload(issuer(stub, "state_path deep/state; contact me@shop.example;")
                    + SITE.formatted("acme_certificate stub;"));

            assertEquals(before, body(server.get("/certificate")));
            assertEquals(1, stub.orders());
        }
        try (AcmeStub stub = AcmeStub.start();
                TestServer server = issued(stub, issuer(stub, "state_path off;"), "acme_certificate stub;")) {
            assertFalse(Files.exists(server.folder().resolve("acme_stub")));
        }
    }

    /// It costs no second order, of which an ACME server grants only some.
    @Test
    void anOrderThatHasBegunIsCompletedLater() throws Exception {
        try (AcmeStub stub = AcmeStub.start()) {
            stub.broken(true);
            String configuration = issuer(stub, "") + SITE.formatted("acme_certificate stub;");
            try (TestServer server = http(configuration)) {
                stub.site(server.address());
                String line = await(server, "serverInternal");
                assertTrue(line.contains(": the ACME server says \"the disk  is full\" (serverInternal); next attempt"), line);

                stub.broken(false);
                server.reload(configuration);

                await(server, " issued a certificate for ");
                assertEquals(1, stub.orders());
                assertTrue(body(server.get("/certificate")).startsWith("data:-----BEGIN CERTIFICATE-----"));
            }
        }
    }

    @Test
    void aStoredCertificateIsThereAtTheStart() throws Exception {
        try (AcmeStub stub = AcmeStub.start();
                TestServer first = issued(stub, issuer(stub, ""), "acme_certificate stub;")) {
            String certificate = body(first.get("/certificate"));
            Path folder = first.folder().resolve("acme_stub");
            try (TestServer second =
                    http(issuer(stub, "state_path " + folder + ";") + SITE.formatted("acme_certificate stub;"))) {
                assertEquals(certificate, body(second.get("/certificate")));
            }
            assertEquals(1, stub.orders());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            acme_certificate none;                       | unknown ACME issuer "none"
            acme_certificate ca *.a.example;             | neither http-01 nor tls-alpn-01 verifies names with an asterisk
            acme_certificate ca 'a b';                   | "acme_certificate" cannot have "a b": it is no name of a host
            acme_certificate ca 999.1.1.1;               | cannot have "999.1.1.1": it is no name of a host
            acme_certificate ca a key=dsa;               | "key" needs "ecdsa:256", "ecdsa:384", "ecdsa:521", "rsa:2048"
            acme_certificate ca;                         | "acme_certificate" has no names
            acme_certificate ca; server_name _ "" ~x;    | "acme_certificate" has no names
            acme_certificate ca; server_name a *.a;      | neither http-01 nor tls-alpn-01 verifies names with an asterisk
            acme_certificate ca a; acme_certificate ca b; | "acme_certificate" is duplicate
            """)
    void whatNoCertificateCanBeHadForIsRefused(String server, String problem) {
        refused("acme_issuer ca { uri https://ca.example/dir; } server { listen 1; " + server + " }", problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                           | "uri" is missing in the "acme_issuer"
            uri ca.example/dir;                          | "uri" needs a URL with "https://", got "ca.example/dir"
            uri https://a/; challenge dns-01;            | "challenge" needs "http-01" or "tls-alpn-01", got "dns-01"
            uri https://a/; account_key rsa:1024;        | "account_key" needs "ecdsa:256"
            uri https://a/; contact '';                  | "contact" needs an address, got ""
            uri https://a/; external_account_key a data:+; | invalid base64url encoded value in "external_account_key"
            uri https://a/; profile a b;                 | "profile" needs "require", got "b"
            uri https://a/; ssl_verify maybe;            | "ssl_verify" needs "on" or "off", got "maybe"
            uri https://a/; accept_terms_of_service on;  | "accept_terms_of_service"
            uri https://a/; state_path;                  | "state_path"
            uri https://a/; } acme_issuer ca { uri https://a/; | "acme_issuer" of the name "ca" is duplicate
            """)
    void wrongSettingsOfAnIssuerAreRefused(String issuer, String problem) {
        refused("acme_issuer ca { " + issuer + " }", problem);
    }

    private static void refused(String http, String problem) {
        ConfigProblems problems = assertThrows(ConfigProblems.class,
                () -> Modules.LANGUAGE.parse("events { } http { " + http + " }"));
        assertTrue(problems.getMessage().contains(problem), problems::getMessage);
    }

    @Test
    void anUnreadableKeyIsAnErrorOfTheStart() {
        IOException e = assertThrows(IOException.class, () -> http("acme_issuer ca { uri https://a/; "
                + "external_account_key a missing; }" + SITE.formatted("acme_certificate ca;")).close());
        assertTrue(e.getMessage().endsWith("/missing"), e::getMessage);
    }
}
