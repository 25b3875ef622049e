package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static io.selvage.server.effects.PeerLanguage.upstream;
import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.main;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What the directives of all protocols to peers have in common.
@Timeout(60)
@ParameterizedClass
@EnumSource
class PassDirectivesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
    /// More than memory and sockets hold for a client that does not read.
    private static final int LONG = 20_000_000;

    @Parameter
    private PeerLanguage language;

    private static String post(int length) {
        return "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    @Effect("*_pass")
    void passAsksThePeer() throws IOException {
        try (Origin origin = language.answering(OK); TestServer server = language.passingTo(origin.address(), "")) {
            assertEquals("ok", body(server.get("/")));
        }
    }

    @Test
    @Effect("pass_lone_lf")
    void passLoneLfPassesHeadsWithLinesThatEndWithLfAlone() throws IOException {
        String request = "GET / HTTP/1.1\nHost: a\nConnection: close\n\n";
        try (Origin origin = language.answering(OK);
             TestServer without = language.passingTo(origin.address(), "");
             TestServer with = language.passingTo(origin.address(), "pass_lone_lf on;");
             TestServer fromMain = main("pass_lone_lf on; events { } http { access_log off; server { listen 127.0.0.1:0; "
                     + language.location("/", origin.address(), "") + "} }")) {
            assertEquals(400, status(without.ask(request)));
            assertEquals(0, origin.received());
            assertEquals("ok", body(with.ask(request)));
            assertEquals("ok", body(fromMain.ask(request)));
            assertEquals(2, origin.requests().size());
            assertTrue(without.errorLog().getFirst().contains("a line that ends with LF alone"));
        }
    }

    @Test
    @Effect("*_connect_timeout")
    void connectTimeoutEndsTheWaitForAConnection() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
             TestServer server = language.passingTo("127.0.0.1:" + full.getLocalPort(), "*_connect_timeout 50ms;")) {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
            }
            assertEquals(504, status(server.get("/")));
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    @Effect("*_send_timeout")
    void sendTimeoutEndsTheWaitForAPeerThatDoesNotRead() throws Exception {
        Signal over = new Signal();
        try (Origin origin = Origin.scripted(_ -> over.await());
             TestServer server = language.passingTo(origin.address(),
                     "*_send_timeout 50ms; client_max_body_size 0; client_body_buffer_size 32m;")) {
            assertEquals(504, status(server.ask(post(LONG) + "x".repeat(LONG))));
            over.give();
        }
    }

    @Test
    @Effect("*_read_timeout")
    void readTimeoutEndsTheWaitForAnAnswer() throws IOException {
        try (Origin origin = Origin.scripted(Origin.Wire::readToEnd);
             TestServer server = language.passingTo(origin.address(), "*_read_timeout 50ms;")) {
            assertEquals(504, status(server.get("/")));
        }
    }

    /// A buffered answer begins when its body does; one that is passed on as it comes begins with its head.
    @Test
    @Effect("*_buffering")
    void bufferingHoldsTheHeadForTheBody() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            language.readHead(wire);
            language.send(wire, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        });
             TestServer with = language.passingTo(origin.address(), "");
             TestServer without = language.passingTo(origin.address(), "*_buffering off;")) {
            assertEquals(502, status(with.get("/")));
            assertEquals(200, status(without.get("/")));
        }
    }

    @Test
    @Effect("*_buffer_size")
    void bufferSizeLimitsTheHeadOfAnAnswer() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(2000) + "\r\nContent-Length: 2\r\n\r\nok";
        try (Origin origin = language.answering(head);
             TestServer usual = language.passingTo(origin.address(), "*_buffers 8 1k;");
             TestServer small = language.passingTo(origin.address(), "*_buffers 8 1k; *_buffer_size 1k;")) {
            assertEquals(200, status(usual.get("/")));
            assertEquals(502, status(small.get("/")));
        }
    }

    @Test
    @Effect("*_buffers")
    void buffersHoldALongerHead() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(6000) + "\r\nContent-Length: 2\r\n\r\nok";
        try (Origin origin = language.answering(head);
             TestServer usual = language.passingTo(origin.address(), "");
             TestServer large = language.passingTo(origin.address(), "*_buffers 8 8k;")) {
            assertEquals(502, status(usual.get("/")));
            assertEquals(200, status(large.get("/")));
        }
    }

    /// A peer with a long answer, which tells when all of it is sent.
    private Origin withLongAnswer(Signal sent) throws IOException {
        return Origin.scripted(wire -> {
            language.readHead(wire);
            language.send(wire, "HTTP/1.1 200 OK\r\nContent-Length: " + LONG + "\r\n\r\n" + "x".repeat(LONG));
            sent.give();
            wire.end();
        });
    }

    @Test
    @Effect("*_temp_path")
    void tempPathNamesTheFolderOfLongAnswers() throws Exception {
        Signal sent = new Signal();
        try (Origin origin = withLongAnswer(sent);
             TestServer usual = language.passingTo(origin.address(), "");
             TestServer other = language.passingTo(origin.address(), "*_temp_path other;");
             RawClient first = usual.connect(); RawClient second = other.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            sent.await();
            sent.await();
            assertTrue(Files.exists(usual.folder().resolve(language.directives("*_temp"))));
            assertTrue(Files.exists(other.folder().resolve("other")));
        }
    }

    /// Without a file, a peer that sends more than fits into memory is held back until its client reads.
    @Test
    @Effect("*_max_temp_file_size")
    void maxTempFileSizeKeepsAnswersOffTheDisk() throws Exception {
        Signal sent = new Signal();
        try (Origin origin = withLongAnswer(sent);
             TestServer server = language.passingTo(origin.address(), "*_max_temp_file_size 0;");
             RawClient client = server.connect()) {
            String head = client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").readHead();
            assertEquals(200, status(head));
            assertEquals(LONG, client.readToEnd().length());
            sent.await();
            assertFalse(Files.exists(server.folder().resolve(language.directives("*_temp"))));
        }
    }

    @Test
    @Effect("*_request_buffering")
    void requestBufferingWaitsForTheWholeBody() throws Exception {
        Signal asked = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            language.readHead(wire);
            asked.give();
            language.readBody(wire, 8);
            language.send(wire, OK);
        });
             TestServer with = language.passingTo(origin.address(), "");
             TestServer without = language.passingTo(origin.address(), "*_request_buffering off;");
             RawClient first = with.connect(); RawClient second = without.connect()) {
            first.send(post(8) + "half");
            first.reset();
            with.awaitLines("access.log", 1);
            assertEquals(0, origin.connections());
            second.send(post(8) + "half");
            asked.await();
            second.send("full");
            assertEquals("ok", body(second.readToEnd()));
        }
    }

    @Test
    @Effect("*_pass_request_headers")
    void passRequestHeadersLeavesThemOut() throws IOException {
        try (Origin origin = language.answering(OK);
             TestServer with = language.passingTo(origin.address(), "");
             TestServer without = language.passingTo(origin.address(), "*_pass_request_headers off;")) {
            get(with, "/", "X-Odd: 1\r\n");
            get(without, "/", "X-Odd: 1\r\n");
            assertTrue(origin.requests().getFirst().contains("ODD=1") || origin.requests().getFirst().contains("X-Odd: 1"));
            assertFalse(origin.requests().getLast().toUpperCase(Locale.ROOT).contains("ODD"));
        }
    }

    @Test
    @Effect("*_pass_request_body")
    void passRequestBodyLeavesItOut() throws Exception {
        Signal ended = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            language.readHead(wire);
            language.send(wire, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            wire.record(language.readRest(wire));
            ended.give();
        });
             TestServer with = language.passingTo(origin.address(), "");
             TestServer without = language.passingTo(origin.address(), "*_pass_request_body off;")) {
            assertEquals(200, status(with.ask(post(4) + "body")));
            ended.await();
            assertEquals(200, status(without.ask(post(4) + "body")));
            ended.await();
            assertEquals(List.of("body", ""), origin.requests());
        }
    }

    @Test
    @Effect("*_ignore_client_abort")
    void ignoreClientAbortLetsThePeerFinish() throws Exception {
        Signal asked = new Signal();
        Signal gone = new Signal();
        Signal ended = new Signal();
        String log = "log_format peer $upstream_status; server { listen 127.0.0.1:0; access_log peer.log peer; ";
        try (Origin origin = Origin.scripted(wire -> {
            language.readHead(wire);
            asked.give();
            wire.end();
            ended.give();
        }, wire -> {
            language.readHead(wire);
            asked.give();
            gone.await();
            language.send(wire, OK);
        });
             TestServer server = http(log + language.location("/", origin.address(), "")
                     + language.location("/b", origin.address(), "*_ignore_client_abort on;") + "}")) {
            leave(server, "/a", asked);
            ended.await();
            assertEquals(List.of("499"), server.awaitLines("peer.log", 1));
            leave(server, "/b", asked);
            gone.give();
            assertEquals(List.of("499", "200"), server.awaitLines("peer.log", 2));
        }
    }

    private static void leave(TestServer server, String target, Signal asked) throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            client.reset();
        }
    }

    private TestServer twoPeers(Origin first, Origin second, String directives) throws IOException {
        return http(upstream(first.address(), second.address()) + "server { listen 127.0.0.1:0; "
                + language.location("/", "app", directives) + "}");
    }

    @Test
    @Effect("*_next_upstream")
    void nextUpstreamSaysAfterWhichAnswersAnotherPeerIsAsked() throws IOException {
        try (Origin busy = language.answering(BUSY); Origin good = language.answering(OK);
             TestServer usual = twoPeers(busy, good, "");
             TestServer next = twoPeers(busy, good, "*_next_upstream http_503;")) {
            assertEquals(503, status(usual.get("/")));
            assertEquals(200, status(next.get("/")));
        }
    }

    @Test
    @Effect("*_next_upstream_tries")
    void nextUpstreamTriesLimitsThem() throws IOException {
        try (Origin busy = language.answering(BUSY); Origin good = language.answering(OK);
             TestServer server = twoPeers(busy, good, "*_next_upstream http_503; *_next_upstream_tries 1;")) {
            assertEquals(503, status(server.get("/")));
        }
    }

    /// The first peer takes longer than the tries may, and closes the connection.
    @Test
    @Effect("*_next_upstream_timeout")
    void nextUpstreamTimeoutLimitsTheTimeOfAllTries() throws IOException {
        try (Origin closing = Origin.scripted(_ -> Thread.sleep(5)); Origin good = language.answering(OK);
             TestServer usual = twoPeers(closing, good, "");
             TestServer limited = twoPeers(closing, good, "*_next_upstream_timeout 1ms;")) {
            assertEquals(200, status(usual.get("/")));
            assertEquals(502, status(limited.get("/")));
        }
    }

    @Test
    @Effect("*_intercept_errors")
    void interceptErrorsPutsErrorPagesInThePlaceOfAnswers() throws IOException {
        try (Origin origin = language.answering(BUSY);
             TestServer server = site("error_page 503 /page; location = /page { }"
                     + language.location("/", origin.address(), "")
                     + language.location("/b", origin.address(), "*_intercept_errors on;"), "page", "ours")) {
            assertEquals("busy", body(server.get("/a")));
            String answer = server.get("/b");
            assertEquals("ours", body(answer));
            assertTrue(answer.startsWith("HTTP/1.1 503 Service Temporarily Unavailable\r\n"), answer);
        }
    }

    @Test
    @Effect({"*_hide_header", "*_pass_header"})
    void hideHeaderAndPassHeaderSayWhichFieldsReachTheClient() throws IOException {
        try (Origin origin = language.answering("HTTP/1.1 200 OK\r\nX-A: 1\r\nX-Accel-Expires: 2\r\nContent-Length: 2\r\n\r\nok");
             TestServer usual = language.passingTo(origin.address(), "");
             TestServer other = language.passingTo(origin.address(), "*_hide_header X-A; *_pass_header X-Accel-Expires;")) {
            String answer = usual.get("/");
            assertEquals("1 ", field(answer, "X-A") + " " + field(answer, "X-Accel-Expires"));
            answer = other.get("/");
            assertEquals(" 2", field(answer, "X-A") + " " + field(answer, "X-Accel-Expires"));
        }
    }

    @Test
    @Effect("*_bind")
    void bindSetsTheLocalAddress() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            language.readHead(wire);
            String from = wire.remoteHost();
            language.send(wire, "HTTP/1.1 200 OK\r\nContent-Length: " + from.length() + "\r\n\r\n" + from);
            wire.end();
        }); TestServer server = site(language.location("/", origin.address(), "")
                + language.location("/b", origin.address(), "*_bind 127.0.0.2;")
                + language.location("/v", origin.address(), "*_bind $arg_from;"))) {
            assertEquals("127.0.0.1", body(server.get("/a")));
            assertEquals("127.0.0.2", body(server.get("/b")));
            assertEquals("127.0.0.3", body(server.get("/v?from=127.0.0.3")));
            assertEquals("127.0.0.1", body(server.get("/v?from=nowhere")));
            assertEquals(500, status(server.get("/v?from=192.0.2.1")));
            assertTrue(server.errorLog().getFirst().contains("invalid local address \"nowhere\""));
        }
    }

    /// What the system has set for the connections of this process to a port.
    private static String timersOfConnections(String address) throws IOException {
        String port = ":%04X".formatted(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
        return Files.readAllLines(Path.of("/proc/self/net/tcp")).stream().map(line -> line.strip().split(" +"))
                .filter(words -> words[2].endsWith(port)).map(words -> words[5].substring(0, 2)).collect(Collectors.joining(","));
    }

    /// The kernel shows that its timer for keep-alive probes runs (2).
    @Test
    @Effect("*_socket_keepalive")
    void socketKeepaliveHasTheSystemProbePeers() throws Exception {
        Signal asked = new Signal();
        Signal seen = new Signal();
        Origin.Script script = wire -> {
            language.readHead(wire);
            asked.give();
            seen.await();
            language.send(wire, OK);
            wire.end();
        };
        try (Origin without = Origin.scripted(script); Origin with = Origin.scripted(script);
             TestServer server = site(language.location("/a", without.address(), "")
                     + language.location("/b", with.address(), "*_socket_keepalive on;"));
             RawClient first = server.connect(); RawClient second = server.connect()) {
            first.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
            second.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            asked.await();
            assertFalse(timersOfConnections(without.address()).contains("02"));
            assertTrue(timersOfConnections(with.address()).contains("02"));
            seen.give();
            seen.give();
        }
    }

    @Test
    @Effect("*_limit_rate")
    void limitRateSlowsTheReadingOfResponses() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 15000\r\n\r\n" + "x".repeat(15_000);
        try (Origin origin = language.answering(answer);
             TestServer server = site(language.location("/", origin.address(), "*_limit_rate $arg_rate;"))) {
            long began = System.nanoTime();
            assertEquals(15_000, body(server.get("/?rate=10k")).length());
            assertTrue(System.nanoTime() - began > 300_000_000);
            assertEquals(15_000, body(server.get("/?rate=none")).length());
        }
    }

    @Test
    @Effect("*_force_ranges")
    void forceRangesCutsARangeOutOfTheResponse() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\nETag: \"a\"\r\n\r\nSEE-THIS";
        try (Origin origin = language.answering(answer);
             TestServer server = site(language.location("/", origin.address(), "")
                     + language.location("/f", origin.address(), "*_force_ranges on;"))) {
            assertEquals("SEE-THIS", body(get(server, "/", "Range: bytes=4-5\r\n")));
            String ranged = get(server, "/f", "Range: bytes=4-5\r\n");
            assertEquals(206, status(ranged));
            assertEquals("TH", body(ranged));
            assertEquals("bytes 4-5/8", field(ranged, "Content-Range"));
            assertEquals("bytes", field(server.get("/f"), "Accept-Ranges"));
            assertEquals("SEE-THIS", body(get(server, "/f", "Range: bytes=4-\r\nIf-Range: \"b\"\r\n")));
            assertEquals("THIS", body(get(server, "/f", "Range: bytes=4-\r\nIf-Range: \"a\"\r\n")));
            assertEquals(416, status(get(server, "/f", "Range: bytes=9-\r\n")));
            assertEquals("SEE-THIS", body(get(server, "/f", "Range: bytes=0-1,4-5\r\n")));
        }
    }

    /// Answers one request, and closes the connection whether the answer is complete or not.
    private Origin.Script closing(String answer) {
        return wire -> {
            language.readHead(wire);
            language.send(wire, answer);
        };
    }

    @Test
    @Effect({"*_store", "*_store_access"})
    void storeKeepsCompleteResponsesAsFiles() throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n"
                + "Last-Modified: Mon, 28 Sep 1970 06:00:00 GMT\r\n\r\n";
        try (Origin origin = Origin.scripted(closing(answer + "kept"), closing(answer + "kept"), closing(answer + "cut"),
                closing(answer.replace("200 OK", "404 Not Found") + "lost"));
             TestServer server = site(language.location("/", origin.address(), "*_store on;")
                     + language.location("/b", origin.address(),
                             "*_store stored$uri; *_store_access user:rw group:r all:r;"))) {
            assertEquals("kept", body(server.get("/a/file")));
            Path first = server.folder().resolve("a/file");
            assertEquals("kept", Files.readString(first));
            assertEquals("1970-09-28T06:00:00Z", Files.getLastModifiedTime(first).toString());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(first)));
            assertEquals("kept", body(server.get("/b")));
            Path second = server.folder().resolve("stored/b");
            assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(second)));
            server.get("/cut");
            assertFalse(Files.exists(server.folder().resolve("cut")));
            assertEquals("lost", body(server.get("/lost")));
            assertFalse(Files.exists(server.folder().resolve("lost")));
            try (Stream<Path> left = Files.list(server.folder().resolve(language.directives("*_temp")))) {
                assertEquals(0, left.count());
            }
        }
    }

    @Test
    @Effect("*_ignore_headers")
    void ignoreHeadersDoesNotObeyThem() throws IOException {
        try (Origin origin = language.answering("HTTP/1.1 200 OK\r\nX-Accel-Redirect: /page\r\nContent-Length: 2\r\n\r\nok");
             TestServer server = site("location = /page { }" + language.location("/", origin.address(), "")
                     + language.location("/b", origin.address(), "*_ignore_headers X-Accel-Redirect;"), "page", "elsewhere")) {
            assertEquals("elsewhere", body(server.get("/a")));
            assertEquals("ok", body(server.get("/b")));
        }
    }
}
