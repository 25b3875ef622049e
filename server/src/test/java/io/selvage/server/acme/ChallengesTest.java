package io.selvage.server.acme;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChallengesTest {
    private static final String VALIDATION = "1.3.6.1.5.5.7.1.31";

    @TempDir
    private Path folder;

    private final Challenges challenges = new Challenges();

    @Test
    void aTokenIsKnownWhileItIsShown() throws Exception {
        Challenges.Shown shown = challenges.show(state(Optional.empty()), "abc", "abc.thumbprint");

        assertEquals(Optional.of("abc.thumbprint"), challenges.text("abc"));
        assertEquals(Optional.empty(), challenges.text("abd"));
        shown.close();
        assertEquals(Optional.empty(), challenges.text("abc"));
    }

    @Test
    void anotherProcessWithTheSameFolderAnswersToo() throws Exception {
        Challenges other = new Challenges();
        other.add(state(Optional.of(folder)));
        try (Challenges.Shown _ = challenges.show(state(Optional.of(folder)), "abc", "abc.thumbprint");
                Challenges.Shown _ = challenges.showCertificate(state(Optional.of(folder)), "shop.example", "def.thumbprint")) {
            assertEquals(Optional.of("abc.thumbprint"), other.text("abc"));
            assertEquals(Optional.empty(), other.text("def"));
            assertArrayEquals(validation("def.thumbprint"), validation(other, "shop.example"));
        }
        assertEquals(Optional.empty(), other.text("abc"));
        assertEquals(Optional.empty(), other.certificate("shop.example"));
    }

    @Test
    void aTokenIsNoPath() throws Exception {
        IssuerState state = state(Optional.of(folder));
        state.write("account.key", "secret");
        challenges.add(state);

        for (String token : new String[] {"../account.key", "..", ".", "", "a/b", "a\0", "tls-shop.example", "a".repeat(300)}) {
            assertEquals(Optional.empty(), challenges.text(token));
            assertEquals(Optional.empty(), challenges.certificate(token));
        }
    }

    @Test
    void theCertificateHasTheHashAndTheName() throws Exception {
        try (Challenges.Shown _ = challenges.showCertificate(state(Optional.empty()), "shop.example", "abc.thumbprint")) {
            X509Certificate certificate = challenges.certificate("Shop.Example").orElseThrow().chain().getFirst();

            assertEquals("[[2, shop.example]]", certificate.getSubjectAlternativeNames().toString());
            assertTrue(certificate.getCriticalExtensionOIDs().contains(VALIDATION));
            assertArrayEquals(validation("abc.thumbprint"), validation(challenges, "shop.example"));
        }
        assertEquals(Optional.empty(), challenges.certificate("shop.example"));
    }

    @Test
    void anAddressIsAskedForByItsReverseName() throws Exception {
        try (Challenges.Shown _ = challenges.showCertificate(state(Optional.empty()), "127.0.0.1", "abc.thumbprint");
                Challenges.Shown _ = challenges.showCertificate(state(Optional.empty()), "::1", "abc.thumbprint")) {
            assertTrue(challenges.certificate("1.0.0.127.in-addr.arpa").isPresent());
            assertTrue(challenges.certificate("1." + "0.".repeat(31) + "ip6.arpa").isPresent());
        }
    }

    /// The hash in the extension, which is an OCTET STRING in an OCTET STRING.
    private static byte[] validation(Challenges from, String name) {
        byte[] extension = from.certificate(name).orElseThrow().chain().getFirst().getExtensionValue(VALIDATION);
        return Arrays.copyOfRange(extension, 4, extension.length);
    }

    private static byte[] validation(String authorization) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(authorization.getBytes(StandardCharsets.UTF_8));
    }

    private static IssuerState state(Optional<Path> path) {
        return new IssuerState(URI.create("https://ca.example/dir"), path);
    }
}
