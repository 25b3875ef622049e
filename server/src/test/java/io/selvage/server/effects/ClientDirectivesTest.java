package io.selvage.server.effects;

import io.selvage.server.net.Io;
import io.selvage.server.net.Ios;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.main;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Connections to clients, and the bodies that they send.
@Timeout(60)
class ClientDirectivesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    /// More than the sockets of a connection take from a writer whose reader does nothing.
    private static final String LONG = "x".repeat(20_000_000);

    private static String post(String target, int length) {
        return "POST " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    @Effect("client_max_body_size")
    void clientMaxBodySizeRefusesLongerBodies() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = site("""
                     location / { proxy_pass http://%1$s; }
                     location /b { proxy_pass http://%1$s; client_max_body_size 9; }
                     """.formatted(origin.address()))) {
            assertEquals(200, status(server.ask(post("/a", 10) + "0123456789")));
            assertEquals(413, status(server.ask(post("/b", 10) + "0123456789")));
        }
    }

    @Test
    @Effect({"client_body_buffer_size", "client_body_temp_path"})
    void clientBodyBufferSizeAndTempPathSayWhereABodyIsKept() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = site("""
                     location / { proxy_pass http://%1$s; }
                     location /b { proxy_pass http://%1$s; client_body_buffer_size 1k; }
                     location /c { proxy_pass http://%1$s; client_body_buffer_size 1k; client_body_temp_path other; }
                     """.formatted(origin.address()))) {
            String body = "x".repeat(10_000);
            server.ask(post("/a", 10_000) + body);
            assertFalse(Files.exists(server.folder().resolve("client_body_temp")));
            server.ask(post("/b", 10_000) + body);
            assertTrue(Files.exists(server.folder().resolve("client_body_temp")));
            assertFalse(Files.exists(server.folder().resolve("other")));
            server.ask(post("/c", 10_000) + body);
            assertTrue(Files.exists(server.folder().resolve("other")));
        }
    }

    @Test
    @Effect("client_body_in_file_only")
    void clientBodyInFileOnlyNamesAFileWithTheBody() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = site("""
                     proxy_set_header X-File $request_body_file;
                     client_body_in_file_only on;
                     location /on { proxy_pass http://%1$s; }
                     location /clean { proxy_pass http://%1$s; client_body_in_file_only clean; }
                     location /off { proxy_pass http://%1$s; client_body_in_file_only off; }
                     location /omitted { proxy_pass http://%1$s; proxy_pass_request_body off; }
                     location /spilled { proxy_pass http://%1$s; client_body_in_file_only off; client_body_buffer_size 4; }
                     """.formatted(origin.address()))) {
            for (String path : List.of("/on", "/clean", "/off", "/omitted", "/spilled")) {
                assertEquals(200, status(server.ask(post(path, 5) + "hello")));
            }
            List<String> requests = origin.requests();
            assertEquals("hello", Files.readString(Path.of(field(requests.get(0), "X-File"))));
            assertTrue(requests.get(0).endsWith("hello"));
            assertTrue(field(requests.get(1), "X-File").startsWith("/"));
            assertFalse(Files.exists(Path.of(field(requests.get(1), "X-File"))));
            assertEquals("", field(requests.get(2), "X-File"));
            assertEquals("hello", Files.readString(Path.of(field(requests.get(3), "X-File"))));
            assertFalse(requests.get(3).endsWith("hello"));
            assertTrue(field(requests.get(4), "X-File").startsWith("/"));
            assertFalse(Files.exists(Path.of(field(requests.get(4), "X-File"))), "an unnamed file");
        }
    }

    @Test
    void aBodyThatCannotBeStoredIsRefused() throws IOException {
        try (TestServer server = site("""
                client_body_temp_path taken;
                location / { proxy_pass http://127.0.0.1:1; client_body_in_file_only on; }
                """, "taken", "a file in the place of the folder")) {
            assertEquals(500, status(server.ask(post("/", 5) + "hello")));
        }
    }

    @Test
    void clientBodyTempPathMayHaveLevels() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = site("""
                     proxy_set_header X-File $request_body_file;
                     location / { proxy_pass http://%s; client_body_in_file_only on; client_body_temp_path spool 1 2; }
                     """.formatted(origin.address()))) {
            assertEquals(200, status(server.ask(post("/", 5) + "hello")));
            Path file = Path.of(field(origin.requests().getFirst(), "X-File"));
            String name = file.getFileName().toString();
            assertEquals(10, name.length());
            assertEquals(server.folder().resolve("spool").resolve(name.substring(9)).resolve(name.substring(7, 9)).resolve(name),
                    file);
        }
    }

    @Test
    @Effect("client_body_timeout")
    void clientBodyTimeoutEndsTheWaitForABody() throws IOException {
        try (TestServer server = site("location / { proxy_pass http://127.0.0.1:1; client_body_timeout 50ms; }")) {
            assertEquals(408, status(server.ask(post("/", 10) + "half")));
        }
    }

    @Test
    @Effect("client_body_min_rate")
    void clientBodyMinRateEndsABodyThatIsTooSlow() throws IOException {
        try (Origin origin = Origin.answering(OK); TestServer server = site("""
                location / { proxy_pass http://%1$s; client_body_min_rate 1000000g grace=0; }
                location /off { proxy_pass http://%1$s; client_body_min_rate off; }
                """.formatted(origin.address()))) {
            for (String path : List.of("/", "/off")) {
                try (RawClient client = server.connect()) {
                    client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
                    assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readHead());
                    assertEquals(path.equals("/") ? 408 : 200, status(client.send("body").readAnswer()));
                }
            }
            assertTrue(server.errorLog().getFirst().contains("the client sends its body at less than"));
        }
    }

    /// The server waits for the client at least once: other requests are answered while this client takes nothing.
    @ParameterizedTest
    @ValueSource(strings = {"sendfile on;", "sendfile off;"})
    @Effect("send_min_rate")
    void sendMinRateCutsAnAnswerThatIsTakenTooSlowly(String how) throws IOException {
        try (TestServer server = site(how + """
                location / { send_min_rate 1000000g grace=0; }
                location /off { alias .; send_min_rate off; }
                location /other { return 204; }
                """, "long", LONG)) {
            assertTrue(takenAfterAWait(server, "/long") < LONG.length());
            assertTrue(takenAfterAWait(server, "/off/long") > LONG.length());
        }
    }

    private static int takenAfterAWait(TestServer server, String target) throws IOException {
        try (RawClient client = server.connect(); RawClient other = server.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            for (int i = 0; i < 100; i++) {
                assertEquals(204, status(other.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").readHead()));
            }
            return client.readToEnd().length();
        }
    }

    @Test
    @Effect("send_timeout")
    void sendTimeoutEndsAnAnswerThatIsNotTaken() throws Exception {
        try (TestServer server = site("send_timeout 50ms;", "long", LONG); RawClient client = server.connect()) {
            client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitLines("access.log", 1);
            assertTrue(client.readToEnd().length() < LONG.length());
        }
    }

    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("reset_timedout_connection")
    void resetTimedoutConnectionResetsTheConnection(Io io) throws Exception {
        String text = "server { listen 127.0.0.1:0; root .; send_timeout 50ms; location /none { return 444; } %s }";
        try (TestServer without = TestServer.nginx(io, text.formatted(""), "long", LONG);
             TestServer with = TestServer.nginx(io, text.formatted("reset_timedout_connection on;"), "long", LONG);
             RawClient closed = without.connect();
             RawClient reset = with.connect()) {
            closed.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
            reset.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
            without.awaitLines("access.log", 1);
            with.awaitLines("access.log", 1);
            assertTrue(closed.readToEnd().length() < LONG.length());
            assertThrows(SocketException.class, reset::readToEnd);
            assertEquals("", without.get("/none"));
            assertThrows(SocketException.class, () -> with.get("/none"));
        }
    }

    @Test
    @Effect("keepalive_timeout")
    void keepaliveTimeoutClosesAnIdleConnectionAndIsAnnounced() throws IOException {
        try (TestServer server = site("return 200 ok; keepalive_timeout 50ms 7s;"); RawClient client = server.connect()) {
            String answer = client.send(GET).readAnswer();
            assertEquals("keep-alive", field(answer, "Connection"));
            assertEquals("timeout=7", field(answer, "Keep-Alive"));
            assertEquals("", client.readToEnd());
        }
        try (TestServer server = site("return 200 ok; keepalive_timeout 0;"); RawClient client = server.connect()) {
            assertEquals("close", field(client.send(GET).readAnswer(), "Connection"));
        }
    }

    @Test
    @Effect("keepalive_disable")
    void keepaliveDisableClosesTheConnectionsOfSomeBrowsers() throws IOException {
        String old = "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)";
        String repaired = "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)";
        String safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 "
                + "Safari/605.1.15";
        String chrome = safari.replace("Version/17.0", "Chrome/120.0.0.0");
        try (TestServer server = site("""
                location /default { return 200 ok; }
                location /none { keepalive_disable none; return 200 ok; }
                location /safari { keepalive_disable safari; return 200 ok; }
                location /both { keepalive_disable msie6 safari; return 200 ok; }
                """)) {
            assertEquals("close", kept(server, "POST /default", old));
            assertEquals("keep-alive", kept(server, "GET /default", old));
            assertEquals("keep-alive", kept(server, "POST /default", repaired));
            assertEquals("keep-alive", kept(server, "POST /none", old));
            assertEquals("keep-alive", kept(server, "POST /safari", old));
            assertEquals("keep-alive", kept(server, "GET /default", safari));
            assertEquals("close", kept(server, "GET /safari", safari));
            assertEquals("keep-alive", kept(server, "GET /safari", chrome));
            assertEquals("close", kept(server, "GET /both", safari));
            assertEquals("close", kept(server, "POST /both", old));
        }
    }

    private static String kept(TestServer server, String asked, String agent) throws IOException {
        try (RawClient client = server.connect()) {
            client.send(asked + " HTTP/1.1\r\nHost: a\r\nUser-Agent: " + agent + "\r\nContent-Length: 0\r\n\r\n");
            return field(client.readAnswer(), "Connection");
        }
    }

    @Test
    @Effect("keepalive_requests")
    void keepaliveRequestsClosesAfterThatMany() throws IOException {
        try (TestServer server = site("return 200 ok; keepalive_requests 2;"); RawClient client = server.connect()) {
            assertEquals("keep-alive", field(client.send(GET).readAnswer(), "Connection"));
            assertEquals("close", field(client.send(GET).readAnswer(), "Connection"));
        }
    }

    @Test
    @Effect("keepalive_time")
    void keepaliveTimeClosesAConnectionThatIsOld() throws IOException {
        try (TestServer server = site("return 200 ok; keepalive_requests 1000000; keepalive_time 1ms;");
             RawClient client = server.connect()) {
            String fate = "keep-alive";
            while (!fate.equals("close")) {
                fate = field(client.send(GET).readAnswer(), "Connection");
            }
        }
    }

    /// A stop closes idle connections at once, but for one that is kept: a request that comes in its time is answered.
    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("keepalive_min_timeout")
    void keepaliveMinTimeoutKeepsAnIdleConnectionDuringAStop(Io io) throws Exception {
        String text = "server { listen 127.0.0.1:0; location / { return 204; } "
                + "location /kept { return 204; keepalive_min_timeout 15s; } }";
        try (TestServer server = TestServer.nginx(io, text); RawClient other = server.connect();
             RawClient kept = server.connect()) {
            other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
            String keptRequest = "GET /kept HTTP/1.1\r\nHost: a\r\n\r\n";
            kept.send(keptRequest).readHead();
            Thread stop = Thread.ofPlatform().start(() -> server.stop(Duration.ofSeconds(50)));
            assertEquals("", other.readToEnd());
            String head = kept.send(keptRequest).readHead();
            while (!field(head, "Connection").equals("close")) {     // until the stop has reached this connection too
                head = kept.send(keptRequest).readHead();
            }
            assertEquals(204, status(head));
            assertEquals("", kept.readToEnd());
            stop.join();
        }
    }

    @Test
    @Effect("tcp_nodelay")
    void tcpNodelayIsSetForTheLocation() throws Exception {
        Sockets sockets = new Sockets();
        try (TestServer server = TestServer.nginx(sockets.recording(Ios.usual()),
                "server { listen 127.0.0.1:0; location / { return 200 ok; } location /b { return 200 ok; tcp_nodelay off; } }");
             RawClient client = server.connect()) {
            client.send(GET).readAnswer();
            SocketChannel channel = sockets.next();
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            client.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
            assertFalse(channel.getOption(StandardSocketOptions.TCP_NODELAY));
            client.send(GET).readAnswer();
            assertTrue(channel.getOption(StandardSocketOptions.TCP_NODELAY));
        }
    }

    /// A client whose body is refused, and who has read the answer.
    private static RawClient refused(TestServer server) throws IOException {
        RawClient client = server.connect();
        client.send(post("/", 100_000_000) + "x".repeat(1000));
        assertEquals(413, status(client.readAnswer()));
        return client;
    }

    private static void sendUntilReset(RawClient client) {
        assertThrows(SocketException.class, () -> {
            while (true) {
                client.send("x".repeat(1000));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lingering_close off;", "lingering_close always;"})
    @Effect("lingering_close")
    void lingeringCloseReadsWhatARefusedClientStillSends(String directive) throws IOException {
        try (TestServer server = site("client_max_body_size 1; " + directive); RawClient client = refused(server)) {
            if (directive.contains("off")) {
                sendUntilReset(client);
            } else {
                client.send(LONG);
            }
        }
    }

    @Test
    @Effect("lingering_time")
    void lingeringTimeLimitsHowLongIsReadOn() throws IOException {
        try (TestServer server = site("client_max_body_size 1; lingering_timeout 1h; lingering_time 50ms;");
             RawClient client = refused(server)) {
            sendUntilReset(client);
        }
    }

    /// One connection at a time: the second is served when the first is closed.
    @Test
    @Effect("lingering_timeout")
    void lingeringTimeoutLimitsTheWaitForMore() throws IOException {
        try (TestServer server = main("""
                worker_processes 1;
                events { worker_connections 1; }
                http {
                    server { listen 127.0.0.1:0; client_max_body_size 1; lingering_time 1h; lingering_timeout 50ms; }
                }
                """);
             RawClient silent = refused(server)) {
            assertEquals(404, status(server.get("/")));
            sendUntilReset(silent);
        }
    }
}
