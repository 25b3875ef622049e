package io.selvage.server.tls;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// OpenSSL's language for lists of cipher suites, compared with OpenSSL itself where it is installed (`openssl` is on every
/// machine that runs `deploy/verify`).
class CipherStringTest {
    private static final Set<TlsCipher> ALL = EnumSet.allOf(TlsCipher.class);

    @ParameterizedTest
    @ValueSource(strings = {
        "DEFAULT", "ALL", "HIGH", "HIGH:!aNULL:!MD5", "HIGH:!aNULL:!eNULL:!EXPORT:!CAMELLIA:!DES:!MD5:!PSK:!RC4",
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384",
        "EECDH+AESGCM:EDH+AESGCM", "EECDH+CHACHA20:EECDH+AES128:RSA+AES128:EECDH+AES256:RSA+AES256:EECDH+3DES:RSA+3DES:!MD5",
        "kEDH:kEECDH", "kECDHE+AES:kDHE+AES:@STRENGTH", "AES128:AES256", "AES128:AES256:@STRENGTH", "ALL:-SHA1",
        "ALL:-AES128:AES128",
        "ALL:-AES128+SHA256:-AES256:AES:CHACHA20", "ALL:+AES256", "ALL:+RSA:+SHA", "ALL:!kRSA", "AESGCM:-ECDHE:ECDHE+AESGCM",
        "SHA256", "SHA384:SHA", "TLSv1.2:TLSv1:SSLv3", "aRSA+ECDHE", "aECDSA", "nothing:AES128-SHA",
        "AES128-SHA AES256-SHA,CHACHA20",
        "!AES128:ALL", "ALL:!ALL:AES128-SHA:@STRENGTH", "RSA:-RSA", "ECDHE:DHE:!DSS:HIGH:+SHA1:!RC4",
        "ECDH+AESGCM:DH+AESGCM:ECDH+AES:RSA+AES:!aNULL", "DH+CHACHA20:ECDH+CHACHA20", "HIGH:!DH", "HIGH:!ECDH", "HIGH:!CBC",
        "FIPS:!aNULL", "AES:-AESGCM:AESGCM:@STRENGTH:+SHA"
    })
    void selectsWhatOpenSslSelects(String text) throws Exception {
        Optional<List<String>> real = openSsl(text);
        assumeTrue(real.isPresent(), "openssl is not installed");
        assertEquals(real.get(), CipherString.select(text, ALL).stream().map(TlsCipher::openSsl).toList());
    }

    @Test
    void mozillasIntermediateListKeepsItsOrder() {
        assertEquals(List.of(TlsCipher.ECDHE_ECDSA_AES128_GCM_SHA256, TlsCipher.ECDHE_RSA_AES128_GCM_SHA256,
                TlsCipher.ECDHE_ECDSA_AES256_GCM_SHA384, TlsCipher.ECDHE_RSA_CHACHA20_POLY1305),
                CipherString.select("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
                        + "ECDHE-RSA-CHACHA20-POLY1305", ALL));
    }

    @Test
    void suitesThatAreNotAvailableAreLeftOut() {
        Set<TlsCipher> some = EnumSet.of(TlsCipher.AES128_SHA, TlsCipher.ECDHE_RSA_AES128_SHA);
        assertEquals(List.of(TlsCipher.ECDHE_RSA_AES128_SHA, TlsCipher.AES128_SHA), CipherString.select("ALL", some));
    }

    @Test
    void policyOfTheSystemIsTheDefault() {
        assertEquals(CipherString.select("DEFAULT", ALL), CipherString.select("PROFILE=SYSTEM", ALL));
    }

    @Test
    void stringWithNothingKnownSelectsNothing() {
        assertEquals(List.of(), CipherString.select("no-such-cipher:TLS_AES_128_GCM_SHA256:!aNULL:@STRENGTH:", ALL));
    }

    /// What the program selects, without the suites that are unknown here; empty where it is not installed.
    private static Optional<List<String>> openSsl(String text) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder("openssl", "ciphers", "-s", "-tls1_2", text
                    + ":@SECLEVEL=0").redirectErrorStream(true).start();
        } catch (IOException _) {
            return Optional.empty();
        }
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(50, TimeUnit.SECONDS));
        Set<String> known = Arrays.stream(TlsCipher.values()).map(TlsCipher::openSsl).collect(Collectors.toSet());
        return Optional.of(Arrays.stream(output.strip().split(":")).filter(known::contains).toList());
    }
}
