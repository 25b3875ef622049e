package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.net.Ios;
import io.selvage.server.proxy.Http2Wire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.TlsOrigin;
import io.selvage.server.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Peers that speak TLS, good ones and bad ones, with each engine on each kind of threads.
@Timeout(60)
@ParameterizedClass(name = "io {0}, {1}")
@MethodSource("everything")
class TlsPeersTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final TestAuthority AUTHORITY = authority();
    private static final String VERIFY = "proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.crt; proxy_ssl_name a;";

    @Parameter(0)
    private Io io;

    @Parameter(1)
    private String engine;

    private static Stream<Arguments> everything() {
        return Ios.all().flatMap(each -> Stream.of("boringssl", "jdk").map(name -> Arguments.of(each, name)));
    }

    private static TestAuthority authority() {
        try {
            return TestAuthority.named("CN=Test");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestAuthority.Issued certificate(String name) throws Exception {
        return AUTHORITY.issue(name, name);
    }

    /// @param text the inside of `http`
    private TestServer serving(String text, String... files) throws Exception {
        List<String> usual = List.of("ca.crt", AUTHORITY.certificatePem());
        return TestServer.main(io, "ssl_engine " + engine + "; error_log error.log info; events { } http { access_log off; "
                + text + " }", Stream.concat(usual.stream(), Stream.of(files)).toArray(String[]::new));
    }

    /// @param servers the inside of `upstream`
    /// @param directives of the location that passes to it
    private TestServer passing(String servers, String directives, String... files) throws Exception {
        return serving("upstream app { " + servers + " } server { listen 127.0.0.1:0; location / { proxy_pass https://app; "
                + directives + " } }", files);
    }

    /// The answer on a connection that stays open, and so on the same carrier.
    private static String ask(RawClient client, String target) throws IOException {
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return client.readAnswer();
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private static String statusLine(String answer) {
        return answer.lines().findFirst().orElse("");
    }

    private static void assertLogged(String text, TestServer server) throws IOException {
        List<String> log = server.errorLog();
        assertTrue(log.stream().anyMatch(line -> line.contains(text)), log::toString);
    }

    @Test
    void connectionIsKeptForTheNextRequest() throws Exception {
        try (Origin origin = Origin.answering(OK); TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = passing("server " + peer.address() + "; keepalive 4;", VERIFY);
             RawClient client = server.connect()) {
            for (int i = 0; i < 5; i++) {
                assertEquals("ok", body(ask(client, "/")));
            }
            assertEquals(1, peer.handshakes().size());
        }
    }

    /// Two locations with other demands on the same peer.
    @Test
    void connectionIsNotSharedWithAnotherName() throws Exception {
        try (Origin origin = Origin.answering(OK); TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = serving("upstream app { server %s; keepalive 4; } server { listen 127.0.0.1:0; "
                     .formatted(peer.address())
                     + "location /none { proxy_pass https://app; } location /a { proxy_pass https://app; " + VERIFY + " } "
                     + "location /b { proxy_pass https://app; " + VERIFY.replace("name a", "name b") + " } }");
             RawClient client = server.connect()) {
            assertEquals("ok", body(ask(client, "/none")));
            assertEquals("ok", body(ask(client, "/a")));
            assertEquals("HTTP/1.1 502 Bad Gateway", statusLine(ask(client, "/b")));
            assertEquals("ok", body(ask(client, "/a")));
            assertEquals("ok", body(ask(client, "/none")));
            assertEquals(3, peer.connections());
        }
    }

    @Test
    void longBodiesArriveWhole() throws Exception {
        String large = "0123456789abcdef".repeat(200_000);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            String body = wire.readBytes(large.length());
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });
             TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = passing("server " + peer.address() + ";", "client_max_body_size 0;")) {
            String answer = server.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + large.length()
                    + "\r\n\r\n" + large);
            assertTrue(body(answer).equals(large), () -> answer.length() + " bytes");
        }
    }

    @Test
    void tunnelGoesThroughTls() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\nhello ");
            wire.send(wire.readBytes(5).toUpperCase(Locale.ROOT));
        });
             TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = passing("server " + peer.address() + ";",
                     "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;");
             RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
            client.readUntil("hello ");
            client.send("there");
            assertEquals("THERE", client.readToEnd());
        }
    }

    @Test
    void nextPeerGetsTheRequestWhenTheFirstHasAnExpiredCertificate() throws Exception {
        Instant now = Instant.now();
        var expired = AUTHORITY.issue("EC", "a", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)), "a");
        try (Origin origin = Origin.answering(OK); TlsOrigin bad = TlsOrigin.inFrontOf(origin, expired);
             TlsOrigin good = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = passing("server " + bad.address() + "; server " + good.address() + ";", VERIFY)) {
            String answer = server.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
            assertEquals("ok", body(answer));
            assertEquals(1, origin.requests().size());
            assertLogged("upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream",
                    server);
        }
    }

    @Test
    void handshakeThatNeverEndsIsATimeout() throws Exception {
        try (Origin silent = Origin.scripted(Origin.Wire::readToEnd);
             TestServer server = passing("server " + silent.address() + ";", "proxy_connect_timeout 100ms;")) {
            assertEquals("HTTP/1.1 504 Gateway Time-out", statusLine(server.get("/")));
            assertLogged("upstream timed out (110: Connection timed out) while SSL handshaking to upstream", server);
        }
    }

    @Test
    void peerThatSpeaksPlainHttpIsRefused() throws Exception {
        try (Origin plain = Origin.scripted(wire -> {
            wire.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            wire.readToEnd();
        });
             TestServer server = passing("server " + plain.address() + ";", "")) {
            assertEquals("HTTP/1.1 502 Bad Gateway", statusLine(server.get("/")));
            assertLogged("SSL_do_handshake() failed (SSL: wrong version number", server);
        }
    }

    @Test
    void peerThatClosesInTheHandshakeIsRefused() throws Exception {
        try (Origin closing = Origin.scripted(_ -> { });
             TestServer server = passing("server " + closing.address() + ";", "")) {
            assertEquals("HTTP/1.1 502 Bad Gateway", statusLine(server.get("/")));
            assertLogged("peer closed connection in SSL handshake", server);
        }
    }

    @Test
    void bodyWithoutTheEndOfTlsIsTruncated() throws Exception {
        try (Origin origin = Origin.answeringOnce("HTTP/1.1 200 OK\r\n\r\nsome");
             TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = passing("server " + peer.address() + ";", "")) {
            assertTrue(server.get("/").endsWith("4\r\nsome\r\n0\r\n\r\n"));
            peer.truncating();
            String cut = server.get("/");
            assertFalse(cut.endsWith("0\r\n\r\n"), cut);
            assertLogged("upstream prematurely closed connection while reading upstream", server);
        }
    }

    @Test
    void http2IsOfferedToAPeerThatSpeaksIt() throws Exception {
        List<String> offered = new CopyOnWriteArrayList<>();
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.readRequest().stream();
            frames.head(stream, false, ":status", "200", "content-length", "2").data(stream, true, "ok");
            wire.end();
        });
             TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"),
                     socket -> socket.setHandshakeApplicationProtocolSelector((_, protocols) -> {
                         offered.addAll(protocols);
                         return "h2";
                     }));
             TestServer server = passing("server " + peer.address() + ";", "proxy_http_version 2;")) {
            assertEquals("ok", body(server.get("/")));
            assertEquals(List.of("h2"), offered);
        }
    }

    @Test
    void unixSocketCarriesTls() throws Exception {
        Path socket = Files.createTempDirectory("tls").resolve("peer.sock");
        try (Origin origin = Origin.onUnixSocket(socket, Origin.Wire::readToEnd);
             TestServer server = serving("server { listen 127.0.0.1:0; proxy_connect_timeout 100ms; location / { "
                     + "proxy_pass https://unix:" + socket + ":/; } }")) {
            assertEquals("HTTP/1.1 504 Gateway Time-out", statusLine(server.get("/")));
            assertTrue(origin.received() > 0);
            assertLogged("while SSL handshaking to upstream", server);
        } finally {
            Files.deleteIfExists(socket);
            Files.delete(socket.getParent());
        }
    }

    @Test
    void urlMadeOfVariablesSaysWhetherThePeerSpeaksTls() throws Exception {
        try (Origin origin = Origin.answering(OK); TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = serving("server { listen 127.0.0.1:0; location / { proxy_pass $arg_to/; } }")) {
            assertEquals("ok", body(server.get("/?to=https://" + peer.address())));
            assertEquals("ok", body(server.get("/?to=http://" + origin.address())));
            assertEquals(1, peer.handshakes().size());
        }
    }

    @Test
    void defaultRedirectsBeginWithTheUrlOfThePeer() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            String head = wire.readHead();
            String host = head.replaceFirst("(?s).*Host: ([^\r]*).*", "$1");
            wire.send("HTTP/1.1 302 Found\r\nLocation: https://" + host + "/in/there\r\nContent-Length: 0\r\n\r\n");
        });
             TlsOrigin peer = TlsOrigin.inFrontOf(origin, certificate("a"));
             TestServer server = serving("server { listen 127.0.0.1:0; location /out/ { proxy_pass https://" + peer.address()
                     + "/in/; } }")) {
            assertTrue(server.get("/out/").contains("\r\nLocation: http://a:" + server.address().getPort() + "/out/there\r\n"));
        }
    }
}
