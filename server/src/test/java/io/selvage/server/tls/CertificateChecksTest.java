package io.selvage.server.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// Certificates: how files are read, and whether they fit together.
class CertificateChecksTest {
    private static final Instant NOW = Instant.now();

    private final TestAuthority root;
    private final TestAuthority middle;
    private final TestAuthority.Issued shop;

    CertificateChecksTest() throws Exception {
        root = TestAuthority.named("CN=Root");
        middle = root.intermediate("CN=Middle");
        shop = middle.issue("shop.example", "shop.example");
    }

    @Test
    void readsChainsAmongOtherText() throws Exception {
        String text = "subject=shop\n" + shop.certificatePem() + shop.keyPem() + "\n# its issuer\n" + middle.certificatePem();
        assertEquals(List.of(shop.certificate(), middle.certificate()), CertificateFile.certificates(text.getBytes(ISO_8859_1)));
    }

    @Test
    void readsRevocationLists() throws Exception {
        var list = root.revoke(shop);
        assertEquals(List.of(list), CertificateFile.revocations(TestAuthority.pem(list).getBytes(ISO_8859_1)));
        assertEquals("there is no certificate revocation list in it, but CERTIFICATE", assertThrows(TlsFileException.class,
                () -> CertificateFile.revocations(root.certificatePem().getBytes(ISO_8859_1))).getMessage());
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        assertEquals("there is no certificate in it, but PRIVATE KEY", refusal(shop.keyPem()));
        assertEquals("there is no PEM text (\"-----BEGIN ...-----\") in it", refusal("<html>"));
        String damaged = shop.certificatePem() + SelfSignedCertificate.pem("CERTIFICATE", new byte[] {48, 1, 2});
        assertEquals("certificate 2 in it is damaged", refusal(damaged).replaceFirst(":.*", ""));
    }

    private static String refusal(String pem) {
        return assertThrows(TlsFileException.class, () -> CertificateFile.certificates(pem.getBytes(ISO_8859_1))).getMessage();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void keyMustBeThatOfTheFirstCertificate(String algorithm) throws Exception {
        var issued = root.issue(algorithm, "a", NOW, NOW.plus(Duration.ofDays(9)), "a");
        List<X509Certificate> chain = List.of(issued.certificate(), root.certificate());
        assertDoesNotThrow(() -> CertificateChecks.requireMatch(chain, issued.key()));
        for (PrivateKey other : List.of(shop.key(), TestAuthority.pair(algorithm).getPrivate(),
                TestAuthority.pair("Ed25519").getPrivate())) {
            assertEquals("the private key is not that of the certificate \"CN=a\" (key values mismatch)",
                    mismatch(chain, other));
        }
    }

    @Test
    void certificateOfTheServerMustBeTheFirst() {
        assertEquals("the private key belongs to certificate 2 of the file, \"CN=shop.example\"; the server's own certificate "
                + "must be the first", mismatch(List.of(middle.certificate(), shop.certificate()), shop.key()));
    }

    private static String mismatch(List<X509Certificate> chain, PrivateKey key) {
        return assertThrows(TlsFileException.class, () -> CertificateChecks.requireMatch(chain, key)).getMessage();
    }

    @Test
    void chainInOrderNeedsNoWarning() {
        assertEquals(List.of(), CertificateChecks.warnings(List.of(shop.certificate()), NOW));
        assertEquals(List.of(), CertificateChecks.warnings(
                List.of(shop.certificate(), middle.certificate(), root.certificate()), NOW));
    }

    @Test
    void wrongOrderOfAChainIsNamed() {
        assertEquals(List.of("the order of the chain is wrong: certificate 2, \"CN=Root\", does not issue certificate 1, "
                + "\"CN=shop.example\", whose issuer is \"CN=Middle\""),
                CertificateChecks.warnings(List.of(shop.certificate(), root.certificate(), middle.certificate()), NOW));
    }

    @Test
    void certificateOutOfItsTimeIsNamed() throws Exception {
        Instant day = Instant.parse("2020-02-01T12:00:00Z");
        var old = root.issue("EC", "old", day.minus(Duration.ofDays(90)), day, "old");
        assertEquals(List.of("the certificate \"CN=old\" expired on 2020-02-01"),
                CertificateChecks.warnings(List.of(old.certificate()), NOW));
        assertEquals(List.of("the certificate \"CN=old\" is not valid before 2019-11-03"),
                CertificateChecks.warnings(List.of(old.certificate()), day.minus(Duration.ofDays(100))));
        assertEquals(0, CertificateChecks.daysLeft(old.certificate(), day.minusSeconds(1)));
        assertEquals(-1, CertificateChecks.daysLeft(old.certificate(), day.plusSeconds(1)));
    }
}
