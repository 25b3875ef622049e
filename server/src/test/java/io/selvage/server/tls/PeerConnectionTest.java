package io.selvage.server.tls;

import io.selvage.server.net.Connection;
import io.selvage.server.net.Io;
import io.selvage.server.net.TimedOut;
import io.selvage.server.tls.TlsException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// Connections to peers, which have the other engine.
@Timeout(60)
@ParameterizedClass(name = "{0}, io {1}")
@MethodSource("io.selvage.server.tls.Engines#withEveryIo")
class PeerConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final TlsPolicy POLICY = TlsPolicy.of(CertificateSource.of(Pem.key("server-ecdsa")));
    private static final PeerTrust TRUST = new PeerTrust(Pem.certificates("ca"), 1, List.of());
    private static final TlsClientPolicy VERIFYING = TlsClientPolicy.DEFAULT.with(TRUST);
    private static final TlsTarget SHOP = TlsTarget.named("shop.example");

    @Parameter(0)
    private TlsEngine engine;
    @Parameter(1)
    private Io io;

    private TlsServed serve(TlsPolicy policy) throws IOException {
        TlsEngine other = TlsEngines.select(engine.name().equals("jdk") ? TlsEngineChoice.BORINGSSL : TlsEngineChoice.JDK);
        return new TlsServed(io, other, policy, TlsServed::echo);
    }

    private interface Talk<T> {
        T run(TlsConnection connection) throws Exception;
    }

    /// Connects on a thread of its own, talks and closes.
    private <T> T connect(SocketAddress to, TlsClientPolicy policy, TlsTarget target, Duration timeout, Talk<T> talk)
            throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        io.fork(() -> {
            try (Connection plain = io.connector().connect(to, LONG);
                    TlsConnection connection = engine.connect(plain, policy, target, timeout)) {
                result.complete(talk.run(connection));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private TlsInfo connect(TlsServed server, TlsClientPolicy policy, TlsTarget target) throws Exception {
        return connect(server.address(), policy, target, LONG, connection -> {
            assertEquals("hello", exchange(connection));
            return connection.info();
        });
    }

    private static String exchange(Connection connection) throws IOException {
        connection.write(ByteBuffer.wrap("hello".getBytes(ISO_8859_1)), LONG);
        ByteBuffer into = ByteBuffer.allocate(5);
        while (into.hasRemaining() && connection.read(into, LONG) >= 0) {
            // More follows.
        }
        return new String(into.array(), ISO_8859_1);
    }

    private String refusal(TlsServed server, TlsClientPolicy policy, TlsTarget target) {
        TlsException failure = assertThrows(TlsException.class, () -> connect(server, policy, target));
        assertEquals(Kind.UNVERIFIED, failure.kind());
        return failure.getMessage();
    }

    private static TlsParameters only(TlsVersion version) {
        return new TlsParameters(EnumSet.of(version), List.of(), false, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_1_2", "TLS_1_3"})
    void aPeerIsVerified(TlsVersion version) throws Exception {
        try (TlsServed server = serve(POLICY)) {
            TlsInfo info = connect(server, VERIFYING.with(only(version)), SHOP);
            assertEquals(version.text(), info.protocol());
            assertEquals(PeerVerification.SUCCESS, info.verification());
            assertEquals(Pem.key("server-ecdsa").chain(), info.peerChain());
            assertEquals(Optional.of("shop.example"), server.info().serverName());
        }
    }

    @Test
    void aPeerMayBeAnybodyIfNothingIsVerified() throws Exception {
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(Pem.key("client-self-signed"))))) {
            TlsInfo info = connect(server, TlsClientPolicy.DEFAULT, TlsTarget.anybody());
            assertEquals(PeerVerification.NONE, info.verification());
            assertEquals(Optional.empty(), server.info().serverName());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "client-self-signed, self-signed certificate",
        "client-stranger, unable to verify the first certificate",
        "server-expired, certificate has expired",
        "client-good, unsuitable certificate purpose",
        "server-other, the certificate is not for \"shop.example\"",
    })
    void aPeerWithAWrongCertificateIsRefused(String key, String reason) throws Exception {
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(Pem.key(key))))) {
            assertEquals(reason, refusal(server, VERIFYING, SHOP));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "server-ecdsa, SHOP.example, true", "server-ecdsa, a.wild.example, true", "server-ecdsa, a.b.wild.example, false",
        "server-ecdsa, wild.example, false", "server-ecdsa, 127.0.0.1, true", "server-ecdsa, 127.0.0.2, false",
        "server-ecdsa, shop.example., true", "server-common-name, plain.example, true", "server-rsa, plain.example, false"})
    void theNameIsVerified(String key, String name, boolean matches) throws Exception {
        TlsTarget target = new TlsTarget(Optional.empty(), Optional.of(name), Optional.empty());
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(Pem.key(key))))) {
            if (matches) {
                connect(server, VERIFYING, target);
            } else {
                assertEquals("the certificate is not for \"" + name + '"', refusal(server, VERIFYING, target));
            }
        }
    }

    /// The JDK's server refuses a name with an underscore.
    @ParameterizedTest
    @ValueSource(strings = {"shop.example", "localhost", "app_1"})
    void anyNameIsSent(String name) throws Exception {
        try (TlsServed server = new TlsServed(io, TlsEngines.select(TlsEngineChoice.BORINGSSL), POLICY, TlsServed::echo)) {
            connect(server, TlsClientPolicy.DEFAULT, TlsTarget.named(name));
            assertEquals(Optional.of(name), server.info().serverName());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_1_2", "TLS_1_3"})
    void aSecondConnectionResumesTheSession(TlsVersion version) throws Exception {
        TlsClientPolicy policy = VERIFYING.with(only(version));
        try (TlsServed server = serve(POLICY)) {
            for (boolean reused : new boolean[] {false, true, true}) {
                assertEquals(reused, connect(server, policy, SHOP).isReused());
                assertEquals(reused, server.info().isReused());
            }
        }
    }

    @Test
    void aSessionIsNotResumedForAnotherTargetOrWithoutReuse() throws Exception {
        try (TlsServed server = serve(POLICY)) {
            assertFalse(connect(server, VERIFYING, SHOP).isReused());
            assertFalse(connect(server, VERIFYING, TlsTarget.named("a.wild.example")).isReused());
            assertFalse(connect(server, TlsClientPolicy.DEFAULT, SHOP).isReused());
            assertFalse(connect(server, VERIFYING, SHOP.with(Pem.key("client-good"))).isReused());
            assertFalse(connect(server, VERIFYING.withoutReuse(), SHOP).isReused());
            assertFalse(connect(server, VERIFYING.withoutReuse(), SHOP).isReused());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client-good", "client-big"})
    void aCertificateIsShownToAPeerThatAsks(String key) throws Exception {
        TlsPolicy asking = POLICY.with(new ClientCertificates(true, List.of(), TRUST));
        try (TlsServed server = serve(asking)) {
            connect(server, TlsClientPolicy.DEFAULT, SHOP.with(Pem.key(key)));
            TlsInfo info = server.info();
            assertEquals("SUCCESS", info.verification().toString());
            assertEquals(Pem.key(key).leaf(), info.peerChain().getFirst());
        }
    }

    /// More than 4 KB of certificates on both sides.
    @Test
    void largeChainsFit() throws Exception {
        TlsPolicy asking = TlsPolicy.of(CertificateSource.of(Pem.key("server-big")))
                .with(new ClientCertificates(true, List.of(), TRUST));
        try (TlsServed server = serve(asking)) {
            TlsInfo info = connect(server, VERIFYING, TlsTarget.named("big.example").with(Pem.key("client-big")));
            assertEquals(2, info.peerChain().size());
            assertEquals("SUCCESS", server.info().verification().toString());
        }
    }

    @Test
    void theProtocolIsAgreedOn() throws Exception {
        try (TlsServed server = serve(POLICY.withAlpn("h2", "http/1.1"))) {
            assertEquals(Optional.of("h2"), connect(server, VERIFYING.withAlpn("http/1.1", "h2"), SHOP).alpn());
            assertEquals(Optional.empty(), connect(server, VERIFYING, SHOP).alpn());
        }
    }

    @Test
    void aPeerThatDoesNotSpeakTlsFailsTheHandshake() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var accepted = listening.accept()) {
                    accepted.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1));
                    accepted.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // The client has gone.
                }
            });
            Exception failure = assertThrows(TlsException.class, () -> connect(listening.getLocalSocketAddress(),
                    TlsClientPolicy.DEFAULT, SHOP, LONG, TlsConnection::info));
            assertEquals(Kind.FAILED, ((TlsException) failure).kind());
        }
    }

    @Test
    void aPeerThatSaysNothingTimesOut() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertInstanceOf(TimedOut.class, assertThrows(IOException.class,
                    () -> connect(listening.getLocalSocketAddress(), TlsClientPolicy.DEFAULT, SHOP, Duration.ofMillis(100),
                            TlsConnection::info)));
        }
    }

    @Test
    void anIdleConnectionIsSeenToBeClean() throws Exception {
        try (TlsServed server = serve(POLICY)) {
            int count = connect(server.address(), VERIFYING, SHOP, LONG, connection -> {
                exchange(connection);
                int received = connection.readNow(ByteBuffer.allocate(1));
                assertEquals("hello", exchange(connection));
                return received;
            });
            assertEquals(0, count);
        }
    }
}
