package io.selvage.server.tls;

import io.selvage.server.net.Ios;
import java.io.IOException;
import java.security.cert.X509CRL;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// Clients that show certificates. The handshake succeeds with any, and says what is wrong.
@Timeout(60)
@ParameterizedClass
@MethodSource("io.selvage.server.tls.Engines#all")
class ClientCertificateTest {
    private static final TlsPolicy POLICY = TlsPolicy.of(CertificateSource.of(Pem.key("server-ecdsa")));

    @Parameter
    private TlsEngine engine;

    private static TlsPolicy asking(int depth, X509CRL... crls) {
        return POLICY.with(new ClientCertificates(true, List.of(),
                new PeerTrust(Pem.certificates("ca"), depth, List.of(crls))));
    }

    private TlsServed serve(TlsPolicy policy) throws IOException {
        return new TlsServed(Ios.usual(), engine, policy, TlsServed::echo);
    }

    private TlsInfo shown(TlsPolicy policy, String version, Optional<String> key) throws Exception {
        JdkClient showing = new JdkClient(key.map(Pem::key)).speaking(version);
        try (TlsServed server = serve(policy); SSLSocket client = showing.connect(server)) {
            assertEquals("hi", JdkClient.exchange(client, "hi"));
            return server.info();
        }
    }

    private String verification(TlsPolicy policy, String key) throws Exception {
        return shown(policy, "TLSv1.3", Optional.of(key)).verification().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aGoodCertificateIsVerified(String version) throws Exception {
        TlsInfo info = shown(asking(1), version, Optional.of("client-good"));
        assertEquals("SUCCESS", info.verification().toString());
        assertEquals(Pem.key("client-good").chain(), info.peerChain());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientWithoutOneIsServed(String version) throws Exception {
        TlsInfo info = shown(asking(1), version, Optional.empty());
        assertEquals("NONE", info.verification().toString());
        assertEquals(List.of(), info.peerChain());
    }

    @Test
    void noneIsAskedForUnlessThePolicyDoes() throws Exception {
        assertEquals(List.of(), shown(POLICY, "TLSv1.3", Optional.of("client-good")).peerChain());
    }

    @ParameterizedTest
    @CsvSource({
        "client-good, SUCCESS",
        "client-intermediate, SUCCESS",
        "client-big, SUCCESS",
        "client-expired, FAILED:certificate has expired",
        "client-future, FAILED:certificate is not yet valid",
        "client-self-signed, FAILED:self-signed certificate",
        "client-stranger, FAILED:unable to verify the first certificate",
        "client-server-use, FAILED:unsuitable certificate purpose",
        "client-revoked, SUCCESS",
    })
    void theResultHasTheWordsOfOpenSsl(String key, String result) throws Exception {
        assertEquals(result, verification(asking(1), key));
    }

    @Test
    void aPathMayHaveAsManyCertificatesBetweenAsTheDepth() throws Exception {
        assertEquals("FAILED:certificate chain too long", verification(asking(0), "client-intermediate"));
        assertEquals("SUCCESS", verification(asking(0), "client-good"));
    }

    @Test
    void aRevokedCertificateFails() throws Exception {
        assertEquals("FAILED:certificate revoked", verification(asking(1, Pem.crl("ca")), "client-revoked"));
        assertEquals("SUCCESS", verification(asking(1, Pem.crl("ca")), "client-good"));
        assertEquals("FAILED:unable to get certificate CRL", verification(asking(1, Pem.crl("other-ca")), "client-good"));
    }

    @Test
    void onlyUnknownAuthoritiesAreUntrusted() throws Exception {
        for (String key : List.of("client-self-signed", "client-stranger")) {
            assertEquals(PeerVerification.Result.UNTRUSTED,
                    shown(asking(1), "TLSv1.3", Optional.of(key)).verification().result());
        }
        assertEquals(PeerVerification.Result.FAILED,
                shown(asking(1), "TLSv1.3", Optional.of("client-expired")).verification().result());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aResumedSessionHasItsCertificate(String version) throws Exception {
        JdkClient twice = new JdkClient(Optional.of(Pem.key("client-good"))).speaking(version);
        try (TlsServed server = serve(asking(1))) {
            for (boolean reused : new boolean[] {false, true}) {
                try (SSLSocket client = twice.connect(server)) {
                    assertEquals("hi", JdkClient.exchange(client, "hi"));
                }
                TlsInfo info = server.info();
                assertEquals(reused, info.isReused());
                assertEquals("SUCCESS", info.verification().toString());
                assertEquals(Pem.key("client-good").leaf(), info.peerChain().getFirst());
            }
        }
    }

    /// Otherwise a client that one site knows would be known to another that trusts nobody of its authority (CVE-2025-23419).
    @Test
    void aSessionIsNotResumedUnderAnotherRuleForCertificates() throws Exception {
        TlsSessions keys = new TlsSessions(true,
                engine.capabilities().contains(TlsCapability.TICKET_KEYS) ? List.of(TicketKey.random()) : List.of(), 0,
                TlsSessions.DEFAULT.timeout());
        TlsPolicy other = POLICY.with(keys).with(new ClientCertificates(true, List.of(),
                new PeerTrust(Pem.certificates("other-ca"), 1, List.of())));
        List<TlsPolicy> policies = List.of(asking(1).with(keys), other);
        int[] next = {0};
        JdkClient twice = new JdkClient(Optional.of(Pem.key("client-good")));
        try (TlsServed server = new TlsServed(Ios.usual(), engine, _ -> policies.get(next[0]++), TlsServed.LONG,
                TlsServed::echo)) {
            for (String result : List.of("SUCCESS", "FAILED:unable to verify the first certificate")) {
                try (SSLSocket client = twice.connect(server)) {
                    assertEquals("hi", JdkClient.exchange(client, "hi"));
                }
                TlsInfo info = server.info();
                assertFalse(info.isReused());
                assertEquals(result, info.verification().toString());
            }
        }
    }

    @Test
    void theNamesOfTheAuthoritiesAreSent() throws Exception {
        TlsPolicy naming = POLICY.with(new ClientCertificates(true, Pem.certificates("other-ca"),
                new PeerTrust(Pem.certificates("ca"), 1, List.of())));
        // The JDK shows no certificate of another authority than those that are named.
        assertEquals("NONE", verification(naming, "client-good"));
    }

    @Test
    void aCertificateWithAnotherKeyFailsTheHandshake() {
        assertThrows(IllegalArgumentException.class,
                () -> CertifiedKey.of(Pem.key("client-good").chain(), Pem.key("server-rsa").key()));
    }
}
