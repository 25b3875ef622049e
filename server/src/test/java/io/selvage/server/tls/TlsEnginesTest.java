package io.selvage.server.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Which engine is taken, and what each refuses before there is a connection.
class TlsEnginesTest {

    @Test
    void boringSslIsTakenWhereItWorks() {
        assertEquals(Optional.empty(), TlsEngines.whyNoBoringSsl());
        assertEquals("boringssl", TlsEngines.select(TlsEngineChoice.AUTO).name());
        assertSame(TlsEngines.select(TlsEngineChoice.AUTO), TlsEngines.select(TlsEngineChoice.BORINGSSL));
        assertEquals("jdk", TlsEngines.select(TlsEngineChoice.JDK).name());
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, /usr/lib/x86_64-linux-gnu/libc.so.6, ''",
        "Linux, aarch64, /usr/lib/aarch64-linux-gnu/libc.so.6, ''",
        "Linux, amd64, /lib/ld-musl-x86_64.so.1, the C library is not glibc",
        "Linux, riscv64, /usr/lib/libc.so.6, there is no library for Linux on riscv64",
        "Mac OS X, aarch64, /usr/lib/libc.so.6, there is no library for Mac OS X on aarch64",
    })
    void theLibraryIsLoadedOnlyWithGlibc(String system, String processor, String mapped, String why, @TempDir Path folder)
            throws Exception {
        Path maps = Files.writeString(folder.resolve("maps"), "7f00-7f01 r-xp 00000000 08:01 1 " + mapped + "\n");
        assertEquals(why, BoringSslLibrary.whyUnfit(system, processor, maps).orElse(""));
    }

    @ParameterizedTest
    @MethodSource("io.selvage.server.tls.Engines#all")
    void aPolicyOfTheDefaultsCanBePrepared(TlsEngine engine) throws Exception {
        engine.prepare(TlsPolicy.of(CertificateSource.of(Pem.key("server-rsa"))));
        engine.prepare(TlsPolicy.rejecting());
        engine.prepare(TlsClientPolicy.DEFAULT);
        assertTrue(engine.ciphers().contains("ECDHE-RSA-AES128-GCM-SHA256"));
        assertTrue(engine.groups().contains("X25519"));
    }

    private static String refusal(TlsEngine engine, TlsParameters parameters) {
        TlsPolicy policy = TlsPolicy.of(CertificateSource.of()).with(parameters);
        return assertThrows(GeneralSecurityException.class, () -> engine.prepare(policy)).getMessage();
    }

    @ParameterizedTest
    @MethodSource("io.selvage.server.tls.Engines#all")
    void whatNobodyKnowsIsRefused(TlsEngine engine) {
        EnumSet<TlsVersion> both = EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertEquals("the TLS engine " + engine.name() + " knows none of the cipher suites",
                refusal(engine, new TlsParameters(both, List.of("SRP-AES-128-CBC-SHA"), false, List.of())));
        assertEquals("the TLS engine " + engine.name() + " does not know the group secp224k1",
                refusal(engine, new TlsParameters(both, List.of(), false, List.of("X25519", "secp224k1"))));
    }

    @Test
    void whatBoringSslCannotDoIsRefusedByName() {
        TlsEngine engine = TlsEngines.select(TlsEngineChoice.BORINGSSL);
        EnumSet<TlsVersion> both = EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3);
        assertEquals("the TLS engine boringssl does not have a choice of TLS 1.3 cipher suites",
                refusal(engine, new TlsParameters(both, List.of("TLS_AES_128_GCM_SHA256"), false, List.of())));
        assertEquals("the TLS engine boringssl does not know the group X448",
                refusal(engine, new TlsParameters(both, List.of(), false, List.of("X448"))));
        TlsSessions keys = new TlsSessions(true, List.of(TicketKey.of(new byte[TicketKey.LONG])), 0, Duration.ofMinutes(5));
        TlsPolicy policy = TlsPolicy.of(CertificateSource.of()).with(keys);
        assertEquals("the TLS engine boringssl does not have keys of 80 bytes for session tickets",
                assertThrows(GeneralSecurityException.class, () -> engine.prepare(policy)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"server-rsa", "server-ecdsa"})
    void aKeyOfItsCertificateIsGood(String name) throws Exception {
        for (TlsEngineChoice choice : List.of(TlsEngineChoice.BORINGSSL, TlsEngineChoice.JDK)) {
            TlsEngines.select(choice).check(Pem.key(name));
        }
    }

    @ParameterizedTest
    @MethodSource("io.selvage.server.tls.Engines#all")
    void aKeyOfAnotherCertificateIsRefused(TlsEngine engine) {
        CertifiedKey mixedUp = CertifiedKey.of(Pem.key("server-ecdsa").chain(), Pem.key("server-other").key());
        assertEquals("the private key does not belong to the certificate",
                assertThrows(GeneralSecurityException.class, () -> engine.check(mixedUp)).getMessage());
    }

    @Test
    void onlyTheJdkHasKeysOfEdwardsCurves() throws Exception {
        CertifiedKey key = Pem.key("server-ed25519");
        TlsEngines.select(TlsEngineChoice.JDK).check(key);
        assertEquals("BoringSSL has no keys of the kind EdDSA", assertThrows(GeneralSecurityException.class,
                () -> TlsEngines.select(TlsEngineChoice.BORINGSSL).check(key)).getMessage());
    }

    @Test
    void aSelfSignedCertificateIsForItsNames() throws Exception {
        CertifiedKey key = SelfSignedCertificate.of(List.of("localhost", "demo.example"), Instant.now(), Duration.ofDays(30))
                .certifiedKey();
        key.leaf().checkValidity();
        key.leaf().verify(key.leaf().getPublicKey());
        assertTrue(CertifiedNames.match(key.leaf(), "demo.example"));
        assertEquals("CN=localhost", key.leaf().getSubjectX500Principal().getName());
    }
}
