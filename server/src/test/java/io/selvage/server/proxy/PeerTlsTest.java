package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import io.selvage.server.net.TimedOut;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.PeerTrust;
import io.selvage.server.tls.TestAuthority;
import io.selvage.server.tls.TlsClientPolicy;
import io.selvage.server.tls.TlsException;
import io.selvage.server.tls.TlsTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a location asks of TLS toward its peers, and what comes of a handshake.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class PeerTlsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final TlsClientPolicy VERIFYING =
            TlsClientPolicy.DEFAULT.with(new PeerTrust(List.of(), 1, List.of()));

    private final FakeTls engine = new FakeTls();

    @Parameter
    private Io io;

    @ParameterizedTest
    @CsvSource({"app, app", "app.example:8443, app.example", "127.0.0.1:8443, ''", "[::1]:8443, ''", "app., app"})
    void hostOfTheUrlIsSentWithoutItsPort(String host, String sent) throws Exception {
        try (Origin peer = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, peer).tls(tls(TlsClientPolicy.DEFAULT, Optional.empty(), true), host)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(Optional.of(sent).filter(name -> !name.isEmpty()), engine.targets().getFirst().serverName());
        }
    }

    @Test
    void nameIsNeitherSentNorVerifiedByDefault() throws Exception {
        try (Origin peer = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, peer).tls(tls(TlsClientPolicy.DEFAULT, Optional.empty(), false), "app")) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(List.of(TlsTarget.anybody()), engine.targets());
        }
    }

    @Test
    void addressIsVerified() throws Exception {
        try (Origin peer = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, peer).tls(tls(VERIFYING, Optional.empty(), false), "[::1]:443")) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(Optional.of("::1"), engine.targets().getFirst().verifiedName());
        }
    }

    @Test
    void connectionIsReusedForTheSameNameOnly() throws Exception {
        Text name = exchange -> exchange.request().headers().first("X-Name").orElse("");
        try (Origin peer = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, peer).tls(tls(VERIFYING, Optional.of(name), false), "app")) {
            for (String asked : List.of("one", "one", "two", "two", "one")) {
                assertEquals("200 ok", proxy.get("/", "X-Name", asked));
            }
            assertEquals(List.of("one", "two"), engine.targets().stream().map(target -> target.verifiedName().get()).toList());
            assertEquals(2, peer.connections());
        }
    }

    @Test
    void connectionIsNotReusedForAnotherPolicy() throws Exception {
        try (Origin peer = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, peer)) {
            PeerTls first = tls(TlsClientPolicy.DEFAULT, Optional.empty(), false);
            PeerTls second = new PeerTls(() -> new PeerTls.Client(engine, VERIFYING, 2), Optional.empty(), false,
                    PeerTls.OwnCertificate.NONE);
            assertEquals("200 ok", proxy.tls(first, "app").get("/"));
            assertEquals("200 ok", proxy.tls(second, "app").get("/"));
            assertEquals("200 ok", proxy.tls(first, "app").get("/"));
            assertEquals(2, engine.targets().size());
        }
    }

    @Test
    void connectionIsNotReusedForAnotherCertificate() throws Exception {
        TestAuthority authority = TestAuthority.named("CN=Test");
        AtomicReference<CertifiedKey> current = new AtomicReference<>(key(authority.issue("old")));
        PeerTls settings = new PeerTls(() -> client(TlsClientPolicy.DEFAULT), Optional.empty(), false,
                _ -> Optional.of(current.get()));
        try (Origin peer = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, peer).tls(settings, "app")) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("200 ok", proxy.get("/"));
            current.set(key(authority.issue("new")));
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(List.of("CN=old", "CN=new"), engine.targets().stream()
                    .map(target -> target.certificate().orElseThrow().leaf().getSubjectX500Principal().getName()).toList());
        }
    }

    private static CertifiedKey key(TestAuthority.Issued issued) {
        return CertifiedKey.of(List.of(issued.certificate()), issued.key());
    }

    /// Such a name could come from a client.
    @Test
    void nameCannotLookLikeAnotherConnection() throws IOException {
        PeerTls.Client client = new PeerTls.Client(engine, VERIFYING, 1);
        String one = PeerIdentity.of(client, "a 127.0.0.1:1", false, Optional.empty()).pool() + "127.0.0.1:2";
        String other = PeerIdentity.of(client, "a", false, Optional.empty()).pool() + "127.0.0.1:1 127.0.0.1:2";
        assertTrue(!one.equals(other), one);
    }

    @Test
    void emptyNameIsRefusedWhereNamesAreVerified() throws Exception {
        try (Origin peer = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, peer).tls(tls(VERIFYING, Optional.of(_ -> ""), false), "app")) {
            assertEquals("502 failed", proxy.get("/"));
            assertEquals(List.of("upstream SSL certificate does not match \"\" while SSL handshaking to upstream"), proxy.log());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "UNVERIFIED | certificate has expired | upstream SSL certificate verify error: (10:certificate has expired)",
        "UNVERIFIED | the certificate is not for \"app\" | upstream SSL certificate does not match \"app\"",
        "CLOSED | closed | peer closed connection in SSL handshake",
        "GARBAGE | wrong version number | SSL_do_handshake() failed (SSL: wrong version number)",
        "FAILED | handshake failure | SSL_do_handshake() failed (SSL: handshake failure)"})
    void failedHandshakeIsLoggedAndTheNextPeerIsTried(TlsException.Kind kind, String reason, String logged) throws Exception {
        try (Origin bad = Origin.answering(OK); Origin good = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, bad, good).tls(tls(VERIFYING, Optional.empty(), false), "app")) {
            engine.failing(bad, new TlsException(kind, reason));
            Exchange exchange = proxy.client.sends(FakeBody.withLength("body"), "POST", "/");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals("a 502, b 200", proxy.attempts(exchange));
            assertEquals(List.of("a: " + logged + " while SSL handshaking to upstream"), proxy.log());
            assertEquals(0, bad.received());
        }
    }

    @Test
    void handshakeThatTakesTooLongIsATimeout() throws Exception {
        try (Origin peer = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, peer).tls(tls(VERIFYING, Optional.empty(), false), "app")) {
            engine.failing(peer, new TimedOut("a handshake"));
            assertEquals("504 failed", proxy.get("/"));
            assertEquals(List.of("upstream timed out (110: Connection timed out) while SSL handshaking to upstream"),
                    proxy.log());
        }
    }

    @Test
    void handshakeHasWhatIsLeftOfTheConnectTimeout() throws Exception {
        try (Origin peer = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, peer).tls(tls(VERIFYING, Optional.empty(), false), "app")) {
            assertEquals("200 ok", proxy.get("/"));
            Duration left = engine.timeouts().getFirst();
            Duration whole = new ProxyOptionsBuilder().build().timeouts().connect();
            assertTrue(left.isPositive() && left.compareTo(whole) < 0, left::toString);
        }
    }

    @Test
    void certificateThatCannotBeReadFailsTheRequestAndNoPeer() throws Exception {
        PeerTls.OwnCertificate missing = _ -> {
            throw new IOException("cannot load certificate \"x.crt\": no such file");
        };
        PeerTls settings = new PeerTls(() -> client(VERIFYING), Optional.empty(), false, missing);
        try (Origin peer = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, peer).tls(settings, "app")) {
            assertEquals("500 failed", proxy.get("/"));
            assertEquals(List.of("cannot load certificate \"x.crt\": no such file"), proxy.log());
            assertEquals(0, peer.connections());
        }
    }

    @Test
    void bodyThatEndsWithTheConnectionNeedsTheEndOfTls() throws Exception {
        String endless = "HTTP/1.1 200 OK\r\n\r\nsome";
        try (Origin peer = Origin.answeringOnce(endless); ProxyFixture proxy = ProxyFixture.to(io, peer)
                .tls(tls(TlsClientPolicy.DEFAULT, Optional.empty(), false), "app")) {
            assertEquals("200 some", proxy.get("/"));
            engine.truncated();
            assertEquals("200 some [cut: UPSTREAM CLOSED]", proxy.get("/"));
        }
    }

    @Test
    void bodyWithALengthNeedsNoEndOfTls() throws Exception {
        try (Origin peer = Origin.answeringOnce(OK); ProxyFixture proxy = ProxyFixture.to(io, peer)
                .tls(tls(TlsClientPolicy.DEFAULT, Optional.empty(), false), "app")) {
            engine.truncated();
            assertEquals("200 ok", proxy.get("/"));
        }
    }

    private PeerTls tls(TlsClientPolicy policy, Optional<Text> name, boolean sendsName) {
        return new PeerTls(() -> client(policy), name, sendsName, PeerTls.OwnCertificate.NONE);
    }

    private PeerTls.Client client(TlsClientPolicy policy) {
        return new PeerTls.Client(engine, policy, 1);
    }
}
