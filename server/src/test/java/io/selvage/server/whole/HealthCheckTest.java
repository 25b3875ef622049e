package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.FastCgiWire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.TlsOrigin;
import io.selvage.server.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Active health checks of a running server.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class HealthCheckTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    private static final String ILL = "HTTP/1.1 503 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    @Parameter
    private Io io;

    private static String configuration(String servers, String... locations) {
        StringBuilder text = new StringBuilder("upstream app { keepalive 0; " + servers + " } server { listen 127.0.0.1:0;"
                + " server_name site.example;");
        for (int i = 0; i < locations.length; i++) {
            text.append(" location /").append(i == 0 ? "" : i).append(" { ").append(locations[i]).append(" }");
        }
        return text + " }";
    }

    private static String passing(String check) {
        return "proxy_pass http://app; health_check interval=10ms timeout=20s " + check + ";";
    }

    private static String server(Origin origin) {
        return "server " + origin.address() + "; ";
    }

    private static String is(String address, String what) {
        return "peer " + address + " of upstream \"app\" is " + what;
    }

    private static int status(TestServer server) throws IOException {
        return Integer.parseInt(server.get("/").substring(9, 12));
    }

    @Test
    void peerThatFailsIsLeftOutUntilItPassesAgain() throws Exception {
        AtomicBoolean ill = new AtomicBoolean(true);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(ill.get() ? ILL : OK);
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), passing("")))) {
            server.awaitLogged(is(origin.address(), "unhealthy: the response has status 503"));
            assertEquals(502, status(server));
            ill.set(false);
            server.awaitLogged(is(origin.address(), "up: its health check has passed"));
            assertEquals(200, status(server));
        }
    }

    @Test
    void silentPeerHasFailedAfterTheTimeout() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            over.await();
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), passing("timeout=50ms")))) {
            server.awaitLogged(is(origin.address(), "unhealthy: no response within 50 ms"));
            over.countDown();
        }
    }

    @Test
    void peerThatSendsByteByByteHasFailedAfterTheTimeout() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
            while (true) {
                wire.send("x");
                Thread.sleep(1);                           // a slow peer; the test does not wait for it
            }
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), passing("timeout=50ms")))) {
            server.awaitLogged(is(origin.address(), "unhealthy: no response within 50 ms"));
        }
    }

    @Test
    void peerThatRefusesConnectionsIsUnhealthy() throws Exception {
        String address = Origin.refusing();
        try (TestServer server = TestServer.nginx(io, configuration("server " + address + ";", passing("")))) {
            server.awaitLogged(is(address, "unhealthy: connect() failed (Connection refused)"));
        }
    }

    @Test
    void malformedResponseIsUnhealthy() throws Exception {
        try (Origin origin = Origin.answeringOnce("SSH-2.0-x\r\n\r\n");
             TestServer server = TestServer.nginx(io, configuration(server(origin), passing("")))) {
            server.awaitLogged(is(origin.address(), "unhealthy: " + origin.address() + " sent "));
        }
    }

    @Test
    void connectionIsEnoughForTcp() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Origin silent = Origin.scripted(wire -> over.await());
             TestServer server = TestServer.nginx(io, configuration(server(silent) + "server " + Origin.refusing() + ";",
                     passing("type=tcp mandatory")))) {
            server.awaitLogged(is(silent.address(), "up: its first health check has passed"));
            server.awaitLogged("unhealthy: connect() failed (Connection refused)");
            over.countDown();
        }
    }

    @Test
    void mandatoryCheckHoldsRequestsUntilAProbeHasPassed() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (Origin origin = Origin.scripted(wire -> {
            if (wire.readRequest().startsWith("GET /health ")) {
                ready.await();
            }
            wire.send(OK);
        }); TestServer server = TestServer.nginx(io, configuration(server(origin),
                passing("uri=/health mandatory")))) {
            assertEquals(502, status(server));
            ready.countDown();
            server.awaitLogged(is(origin.address(), "up: its first health check has passed"));
            assertEquals(200, status(server));
        }
    }

    @Test
    void persistentCheckKeepsHealthyPeersInAReload() throws Exception {
        assertEquals(200, afterAReload("mandatory persistent"));
        assertEquals(502, afterAReload("mandatory"));
        assertEquals(200, afterAReload(""));
    }

    /// The status of a request after a reload, when the peer does not respond to probes any more.
    private int afterAReload(String parameters) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicBoolean silent = new AtomicBoolean();
        CountDownLatch held = new CountDownLatch(1);
        try (Origin origin = Origin.scripted(wire -> {
            if (wire.readRequest().startsWith("GET /health ") && silent.get()) {
                held.countDown();
                over.await();
            }
            wire.send(OK);
        })) {
            String text = configuration(server(origin), passing("uri=/health " + parameters));
            try (TestServer server = TestServer.nginx(io, text)) {
                if (parameters.contains("mandatory")) {
                    server.awaitLogged("its first health check has passed");
                }
                silent.set(true);
                held.await();
                server.reload(text);
                int status = status(server);
                over.countDown();
                return status;
            }
        }
    }

    @Test
    void unhealthyPeerStaysOutInAReload() throws Exception {
        try (Origin origin = Origin.answeringOnce(ILL)) {
            String text = configuration(server(origin), passing(""));
            try (TestServer server = TestServer.nginx(io, text)) {
                server.awaitLogged(is(origin.address(), "unhealthy"));
                server.reload(text);
                assertEquals(502, status(server));
                server.reload(configuration(server(origin), "proxy_pass http://app;"));
                assertEquals(503, status(server));
                assertEquals(1, server.errorLog().stream().filter(line -> line.contains(" is unhealthy")).count());
            }
        }
    }

    @Test
    void peerHasOneProbeAtATimeWhateverTheNumberOfChecks() throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch probes = new CountDownLatch(60);
        try (Origin origin = Origin.scripted(wire -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            wire.readRequest();
            probes.countDown();
            now.decrementAndGet();
            wire.send(OK);
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), passing("interval=1ms"),
                passing("uri=/b interval=1ms"), passing("uri=/c interval=1ms jitter=2ms")))) {
            probes.await();
            assertEquals(1, most.get());
            assertEquals(200, status(server));
        }
    }

    @Test
    void peerIsLeftOutByOneOfSeveralChecks() throws Exception {
        try (Origin origin = Origin.scripted(wire -> wire.send(wire.readRequest().startsWith("GET /b ") ? ILL : OK));
             TestServer server = TestServer.nginx(io, configuration(server(origin), passing(""), passing("uri=/b fails=2")))) {
            server.awaitLogged(is(origin.address(), "unhealthy: the response has status 503"));
            assertEquals(502, status(server));
        }
    }

    @Test
    void probeHasTheFieldsOfTheLocation() throws Exception {
        CountDownLatch probed = new CountDownLatch(1);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            probed.countDown();
            wire.send(OK);
        }); TestServer _ = TestServer.nginx(io, configuration(server(origin), "proxy_set_header Host $host;"
                + " proxy_set_header X-From $remote_addr; proxy_set_header X-Proto $scheme; " + passing("uri=/health?full=1")))) {
            probed.await();
            String request = origin.requests().getFirst();
            assertTrue(request.startsWith("GET /health?full=1 HTTP/1.1\r\nHost: site.example\r\nX-From: 127.0.0.1\r\n"
                    + "X-Proto: http\r\nUser-Agent: Selvage health check\r\n"), request);
        }
    }

    @Test
    void probeGoesToAnotherPort() throws Exception {
        try (Origin app = Origin.answeringOnce(OK); Origin health = Origin.answeringOnce(ILL);
             TestServer server = TestServer.nginx(io, configuration(server(app), passing("port="
                     + health.address().substring(health.address().lastIndexOf(':') + 1))))) {
            server.awaitLogged(is(app.address(), "unhealthy: the response has status 503"));
            assertEquals(List.of(), app.requests());
        }
    }

    @Test
    void probesShareAConnectionForKeepaliveTime() throws Exception {
        CountDownLatch probes = new CountDownLatch(20);
        try (Origin origin = Origin.scripted(wire -> {
            while (true) {
                wire.readRequest();
                probes.countDown();
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }); TestServer server = TestServer.nginx(io, configuration(server(origin),
                passing("interval=1ms keepalive_time=1h")))) {
            probes.await();
            assertTrue(origin.connections() <= io.places(), () -> origin.connections() + " connections");
            assertEquals(List.of(), server.errorLog().stream().filter(line -> line.contains("unhealthy")).toList());
        }
    }

    @Test
    void probeUsesAConnectionOfItsOwnWithoutKeepaliveTime() throws Exception {
        CountDownLatch probes = new CountDownLatch(5);
        try (Origin origin = Origin.scripted(wire -> {
            while (true) {
                wire.readRequest();
                probes.countDown();
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), passing("interval=1ms")))) {
            probes.await();
            assertTrue(origin.connections() >= 5);
            assertEquals(200, status(server));
        }
    }

    @Test
    void peersOnUnixSocketsAreProbed(@TempDir Path folder) throws Exception {
        AtomicBoolean ill = new AtomicBoolean(true);
        try (Origin origin = Origin.onUnixSocket(folder.resolve("app.sock"), wire -> {
            wire.readRequest();
            wire.send(ill.get() ? ILL : OK);
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), passing("")))) {
            server.awaitLogged(is(origin.address(), "unhealthy: the response has status 503"));
            ill.set(false);
            server.awaitLogged(is(origin.address(), "up: its health check has passed"));
        }
    }

    @Test
    void peersThatSpeakUwsgiAreProbed() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            String head = wire.readBytes(4);
            String variables = wire.readBytes(head.charAt(1) + 256 * head.charAt(2));
            wire.send(variables.contains("PATH_INFO") && variables.contains("/live") ? OK : ILL);
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), "uwsgi_pass app;"
                + " uwsgi_param PATH_INFO $document_uri;"
                + " health_check type=uwsgi uri=/live interval=10ms timeout=20s mandatory;"))) {
            server.awaitLogged(is(origin.address(), "up: its first health check has passed"));
        }
    }

    @Test
    void peersThatSpeakFastCgiAreProbed() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            FastCgiWire fastCgi = new FastCgiWire(wire);
            boolean asked = fastCgi.readParams().toString().contains("SCRIPT_NAME=/ping");
            fastCgi.readBody();
            wire.send(FastCgiWire.output("Status: " + (asked ? 200 : 500) + "\r\n\r\npong") + FastCgiWire.end());
        }); TestServer server = TestServer.nginx(io, configuration(server(origin), "fastcgi_pass app;"
                + " fastcgi_param SCRIPT_NAME $fastcgi_script_name;"
                + " health_check uri=/ping interval=10ms timeout=20s mandatory;"))) {
            server.awaitLogged(is(origin.address(), "up: its first health check has passed"));
        }
    }

    @Test
    void peersThatSpeakTlsAreProbedAsTheLocationSays() throws Exception {
        TestAuthority authority = TestAuthority.named("CN=Peers");
        try (Origin plain = Origin.answeringOnce(OK); TlsOrigin origin = TlsOrigin.inFrontOf(plain, authority.issue("peer"));
             TestServer server = TestServer.nginx(io, configuration("server " + origin.address() + ";",
                     "proxy_pass https://app; proxy_ssl_name peer; proxy_ssl_server_name on;"
                             + " health_check interval=10ms timeout=20s mandatory;"))) {
            server.awaitLogged(is(origin.address(), "up: its first health check has passed"));
            assertEquals("peer", origin.handshakes().getFirst().name());
        }
    }

    @Test
    void certificateOfTheWrongNameIsTheReason() throws Exception {
        TestAuthority authority = TestAuthority.named("CN=Peers");
        try (Origin plain = Origin.answeringOnce(OK); TlsOrigin origin = TlsOrigin.inFrontOf(plain, authority.issue("peer"));
             TestServer server = TestServer.nginx(io, configuration("server " + origin.address() + ";",
                     "proxy_pass https://app; proxy_ssl_name other; proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.crt;"
                             + " health_check interval=10ms timeout=20s;"), "ca.crt", authority.certificatePem())) {
            server.awaitLogged(is(origin.address(), "unhealthy: "));
            String reason = server.errorLog().stream().filter(line -> line.contains("unhealthy")).findFirst().orElseThrow();
            assertTrue(reason.contains("other"), reason);
        }
    }
}
