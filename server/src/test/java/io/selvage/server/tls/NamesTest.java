package io.selvage.server.tls;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NamesTest {

    @ParameterizedTest
    @CsvSource({
        "1301, TLS_AES_128_GCM_SHA256, TLS_AES_128_GCM_SHA256",
        "c02b, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, ECDHE-ECDSA-AES128-GCM-SHA256",
        "009c, TLS_RSA_WITH_AES_128_GCM_SHA256, AES128-GCM-SHA256",
        "cca8, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-RSA-CHACHA20-POLY1305",
    })
    void aCipherSuiteHasThreeNames(String hex, String standard, String openssl) {
        int id = Integer.parseInt(hex, 16);
        CipherSuite suite = new CipherSuite(id, standard, openssl);
        assertEquals(Optional.of(suite), CipherSuite.named(standard));
        assertEquals(Optional.of(suite), CipherSuite.named(openssl));
        assertEquals(openssl, CipherSuite.nameOf(id));
        assertEquals(standard.equals(openssl), suite.isOfTls13());
    }

    /// RFC 8701 §2.
    @Test
    void numbersWithoutANameAreWrittenAsNumbers() {
        assertEquals("0x0a0a", CipherSuite.nameOf(0x0a0a));
        assertEquals("0x0a0a", NamedGroup.nameOf(0x0a0a));
    }

    @Test
    void everyCipherSuiteThatTheJdkEnablesIsKnown() throws Exception {
        Set<String> unknown = new HashSet<>(Arrays.asList(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites()));
        unknown.removeIf(name -> CipherSuite.named(name).isPresent());
        unknown.removeIf(name -> name.contains("_DSS_"));
        assertEquals(Set.of(), unknown);
    }

    @ParameterizedTest
    @CsvSource({"prime256v1, SECP256R1", "P-256, SECP256R1", "secp256r1, SECP256R1", "X25519, X25519", "x25519, X25519",
        "P-521, SECP521R1", "X25519MLKEM768, X25519_MLKEM768"})
    void aGroupHasSeveralNames(String name, NamedGroup group) {
        assertEquals(Optional.of(group), NamedGroup.named(name));
    }

    @Test
    void aGroupThatIsNoneHasNoName() {
        assertTrue(NamedGroup.named("P-").isEmpty());
        assertTrue(NamedGroup.named("nistp999").isEmpty());
    }
}
