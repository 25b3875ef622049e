package io.selvage.server.tls;

import io.selvage.server.net.Io;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
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
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What is agreed on with clients of the JDK.
@Timeout(60)
@ParameterizedClass(name = "{0}, io {1}")
@MethodSource("io.selvage.server.tls.Engines#withEveryIo")
class HandshakeTest {
    private static final CertifiedKey ECDSA = Pem.key("server-ecdsa");
    private static final CertifiedKey RSA = Pem.key("server-rsa");
    private static final TlsPolicy POLICY = TlsPolicy.of(CertificateSource.of(ECDSA));

    @Parameter(0)
    private TlsEngine engine;
    @Parameter(1)
    private Io io;

    private TlsServed serve(TlsPolicy policy) throws Exception {
        return new TlsServed(io, engine, policy, TlsServed::echo);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aClientIsAnsweredInItsVersion(String version) throws Exception {
        try (TlsServed server = serve(POLICY); SSLSocket client = new JdkClient().speaking(version).connect(server)) {
            assertEquals("hello", JdkClient.exchange(client, "hello"));
            TlsInfo info = server.info();
            assertEquals(version, info.protocol());
            assertEquals(Optional.of("shop.example"), info.serverName());
            assertEquals(Optional.empty(), info.alpn());
            assertFalse(info.isReused());
            assertEquals(PeerVerification.NONE, info.verification());
            assertEquals(CipherSuite.named(client.getSession().getCipherSuite()).orElseThrow().opensslName(), info.cipher());
            assertTrue(info.clientCiphers().contains("TLS_AES_128_GCM_SHA256") || version.equals("TLSv1.2"));
            assertTrue(info.clientGroups().contains("X25519"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSecondConnectionResumesTheSession(String version) throws Exception {
        JdkClient twice = new JdkClient().speaking(version);
        try (TlsServed server = serve(POLICY)) {
            for (boolean reused : new boolean[] {false, true}) {
                try (SSLSocket client = twice.connect(server)) {
                    assertEquals("hello", JdkClient.exchange(client, "hello"));
                }
                assertEquals(reused, server.info().isReused());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"h2+http/1.1, h2", "http/1.1, http/1.1", "http/1.1+h2, h2", "x+http/1.1, http/1.1"})
    void theFirstProtocolOfTheServerThatTheClientOffersIsTaken(String offered, String taken) throws Exception {
        JdkClient offering = new JdkClient().with(p -> p.setApplicationProtocols(offered.split("\\+")));
        try (TlsServed server = serve(POLICY.withAlpn("h2", "http/1.1")); SSLSocket client = offering.connect(server)) {
            assertEquals("hi", JdkClient.exchange(client, "hi"));
            assertEquals(taken, client.getApplicationProtocol());
            TlsInfo info = server.info();
            assertEquals(Optional.of(taken), info.alpn());
            assertEquals(List.of(offered.split("\\+")), info.clientAlpn());
        }
    }

    /// RFC 7301 §3.2.
    @Test
    void withoutACommonProtocolTheHandshakeFails() throws Exception {
        JdkClient offering = new JdkClient().with(p -> p.setApplicationProtocols(new String[] {"x"}));
        try (TlsServed server = serve(POLICY.withAlpn("h2")); SSLSocket client = offering.connect(server)) {
            String alert = assertThrows(SSLHandshakeException.class, client::startHandshake).getMessage();
            assertTrue(alert.contains("no_application_protocol"), alert);
            assertEquals(TlsException.Kind.FAILED, ((TlsException) server.failure()).kind());
        }
    }

    @Test
    void aClientThatOffersNoProtocolGetsNone() throws Exception {
        try (TlsServed server = serve(POLICY.withAlpn("h2")); SSLSocket client = new JdkClient().connect(server)) {
            assertEquals("hi", JdkClient.exchange(client, "hi"));
            assertEquals(Optional.empty(), server.info().alpn());
        }
    }

    @Test
    void theNameChoosesThePolicy() throws Exception {
        TlsPolicy other = TlsPolicy.of(CertificateSource.of(Pem.key("server-other")));
        PolicyChooser chooser = hello -> hello.serverName().equals(Optional.of("other.example")) ? other : POLICY;
        try (TlsServed server = new TlsServed(io, engine, chooser, TlsServed.LONG, TlsServed::echo)) {
            for (String name : new String[] {"other.example", "shop.example"}) {
                try (SSLSocket client = new JdkClient().connect(server.address(), name)) {
                    assertEquals("hi", JdkClient.exchange(client, "hi"));
                    assertEquals("CN=" + name, client.getSession().getPeerPrincipal().getName());
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, RSA", "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, EC"})
    void theKeySuitsTheCiphersOfTheClient(String version, String cipher, String kind) throws Exception {
        JdkClient picky = new JdkClient().speaking(version).with(p -> p.setCipherSuites(new String[] {cipher}));
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(ECDSA, RSA))); SSLSocket client = picky.connect(server)) {
            assertEquals("hi", JdkClient.exchange(client, "hi"));
            assertEquals(kind, client.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm());
        }
    }

    @Test
    void theKeySuitsTheSignaturesOfTheClient() throws Exception {
        JdkClient picky = new JdkClient().speaking("TLSv1.3")
                .with(p -> p.setSignatureSchemes(new String[] {"ecdsa_secp256r1_sha256"}));
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(RSA, ECDSA))); SSLSocket client = picky.connect(server)) {
            assertEquals("hi", JdkClient.exchange(client, "hi"));
            assertEquals("EC", client.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm());
        }
    }
}
