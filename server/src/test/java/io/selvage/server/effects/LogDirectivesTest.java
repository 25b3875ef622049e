package io.selvage.server.effects;

import io.selvage.server.Json;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.main;
import static io.selvage.server.effects.Serving.site;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class LogDirectivesTest {
    private static final int REQUESTS = 50;

    @Test
    @Effect({"access_log", "log_format"})
    void accessLogAndLogFormatSayWhatIsWrittenWhere() throws IOException {
        try (TestServer server = http("""
                log_format short '$status $uri';
                server {
                    listen 127.0.0.1:0;
                    location / { return 204; }
                    location /b { access_log b.log short if=$arg_log; return 204; }
                    location /off { access_log off; return 204; }
                }
                """)) {
            server.get("/a");
            server.get("/b?log=1");
            server.get("/b");
            server.get("/off");
            assertEquals(List.of("GET /a HTTP/1.1|204"), server.accessLog());
            assertEquals(List.of("204 /b"), server.lines("b.log"));
        }
    }

    @Test
    @Effect("error_log")
    void errorLogInJsonHasTheMembersOfALine() throws IOException {
        try (TestServer server = http("""
                error_log e.json info json;
                error_log e.log info;
                server {
                    listen 127.0.0.1:0;
                    server_name shop.example;
                    root nowhere;
                    location /peer { proxy_pass http://127.0.0.1:1; }
                }
                """)) {
            get(server, "/lost", "Host: a.example\r\nReferer: http://r/\r\n");
            get(server, "/peer", "Host: b.example\r\n");
            int lines = server.log("e.log").size();

            List<Map<String, Object>> messages = server.lines("e.json").stream().map(Json::object).toList();

            assertEquals(lines, messages.size());
            Map<String, Object> lost = about(messages, "GET /lost HTTP/1.1");
            assertEquals("error", lost.get("level"));
            assertTrue(lost.get("message").toString().startsWith("open() \"" + server.folder() + "/nowhere/lost\" failed"),
                    lost::toString);
            assertEquals(List.of("127.0.0.1", "shop.example", "a.example", "http://r/"),
                    List.of(lost.get("client"), lost.get("server"), lost.get("host"), lost.get("referrer")));
            assertEquals(ProcessHandle.current().pid(), lost.get("pid"));
            assertTrue(lost.get("connection") instanceof Long, lost::toString);
            OffsetDateTime.parse(lost.get("time").toString());
            assertEquals("127.0.0.1:1", about(messages, "GET /peer HTTP/1.1").get("upstream"));
        }
    }

    private static Map<String, Object> about(List<Map<String, Object>> messages, String request) {
        return messages.stream().filter(message -> request.equals(message.get("request"))).findFirst().orElseThrow();
    }

    private static void get(TestServer server, String target, String fields) throws IOException {
        server.ask("GET " + target + " HTTP/1.1\r\nConnection: close\r\n" + fields + "\r\n");
    }

    /// Every byte, in every part of a request that a log shows.
    @Test
    @Effect({"error_log", "log_format", "access_log"})
    void jsonLogsStayValidForHostileBytes() throws IOException {
        try (TestServer server = site("""
                error_log e.json debug json;
                access_log a.json json_full;
                location / { root nowhere; }
                """)) {
            int requests = 0;
            for (int octet = 1; octet <= 0xff; octet++) {
                if (octet != '\r' && octet != '\n') {
                    String hostile = "\"\\" + (char) octet + "\u00c3";
                    String inTarget = hostile.replace(' ', '_');
                    server.ask("GET /" + inTarget + "%" + "%02x".formatted(octet) + "?" + inTarget
                            + " HTTP/1.1\r\nHost: a\r\nReferer: " + hostile + "\r\nUser-Agent: " + hostile
                            + "\r\nConnection: close\r\n\r\n");
                    requests++;
                }
            }

            assertEquals(requests, server.log("a.json").stream().map(Json::object).count());
            assertTrue(server.lines("e.json").stream().map(Json::object).count() >= requests);
        }
    }

    @Test
    @Effect("log_format")
    void jsonFullIsPredefined() throws IOException {
        try (TestServer server = site("""
                access_log a.json json_full;
                location / { return 200 hello; }
                location /peer { proxy_pass http://127.0.0.1:1; }
                """)) {
            get(server, "/%c3%a9?x=%22", "Host: h\r\nUser-Agent: caf\u00c3\u00a9\r\n");
            get(server, "/peer", "Host: h\r\n");

            List<Map<String, Object>> lines = server.log("a.json").stream().map(Json::object).toList();

            Map<String, Object> first = lines.getFirst();
            assertEquals(List.of(200L, 5L, "GET", "/%c3%a9?x=%22", "/\u00e9", "h", "caf\u00e9", "OK"),
                    List.of(first.get("status"), first.get("body_bytes_sent"), first.get("request_method"),
                            first.get("request_uri"), first.get("uri"), first.get("host"), first.get("http_user_agent"),
                            first.get("request_completion")));
            assertTrue(first.get("request_time") instanceof Number && first.get("msec") instanceof Number, first::toString);
            assertEquals(List.of("127.0.0.1:1", "502", "-"), List.of(lines.get(1).get("upstream_addr"),
                    lines.get(1).get("upstream_status"), lines.get(1).get("upstream_header_time")));
        }
    }

    @Test
    @Effect("log_format")
    void configurationMayDefineItsOwnJsonFull() throws IOException {
        try (TestServer server = http("""
                log_format json_full '$status';
                server { listen 127.0.0.1:0; access_log a.log json_full; return 204; }
                """)) {
            server.get("/");
            assertEquals(List.of("204"), server.log("a.log"));
        }
    }

    @Test
    @Effect("error_log")
    void errorLogKnowsNoOtherForm() {
        var problem = assertThrows(IOException.class, () -> main("error_log e.log info xml; events { }"));
        assertTrue(problem.getMessage().contains("test.conf:1:22: \"error_log\" needs \"json\", got \"xml\""),
                problem::getMessage);
        var level = assertThrows(IOException.class, () -> main("error_log e.log json; events { }"));
        assertTrue(level.getMessage().contains("test.conf:1:17"), level::getMessage);
    }

    @Test
    @Effect("access_log")
    void accessLogCollectsLines() throws Exception {
        try (TestServer server = site("""
                return 204;
                access_log at-once.log line;
                access_log late.log line buffer=64k;
                access_log soon.log line buffer=64k flush=50ms;
                """)) {
            IntStream.range(0, REQUESTS).forEach(_ -> get(server));
            server.awaitLines("at-once.log", REQUESTS);
            server.awaitLines("soon.log", REQUESTS);
            assertEquals(List.of(), server.lines("late.log"));
            server.stop(Duration.ofSeconds(50));
            assertEquals(REQUESTS, server.lines("late.log").size());
        }
    }

    private static void get(TestServer server) {
        try {
            server.get("/");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Effect("error_log")
    void errorLogSaysWhatIsReportedWhere() throws IOException {
        try (TestServer server = http("""
                server {
                    listen 127.0.0.1:0;
                    location / { deny all; }
                    location /b { deny all; error_log b.log; }
                    location /c { deny all; error_log c.log crit; }
                }
                """)) {
            server.get("/a");
            server.get("/b");
            server.get("/c");
            assertEquals(1, server.errorLog().size());
            assertEquals(1, server.lines("b.log").size());
            assertEquals(0, server.lines("c.log").size());
        }
        try (TestServer server = main("""
                error_log main.log;
                events { }
                http { access_log off; server { listen 127.0.0.1:0; deny all; } }
                """)) {
            server.get("/a");
            server.stop(Duration.ofSeconds(50));
            assertEquals(1, server.lines("main.log").size());
        }
    }

    @Test
    @Effect("access_log")
    void accessLogIsCompressed() throws Exception {
        try (TestServer server = site("return 204; access_log a.gz line gzip=9 flush=20ms;")) {
            server.get("/a");
            server.stop(Duration.ofSeconds(50));
            try (var in = new GZIPInputStream(Files.newInputStream(server.folder().resolve("a.gz")))) {
                assertEquals("GET /a HTTP/1.1|204\n", new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    @Effect("access_log")
    void accessLogWithVariablesHasAFileForEachName() throws Exception {
        try (TestServer server = site("location / { return 204; access_log ${arg_to}.log line; }")) {
            server.get("/?to=a");
            server.get("/?to=b");
            server.stop(Duration.ofSeconds(50));
            assertEquals(List.of("GET /?to=a HTTP/1.1|204"), server.lines("a.log"));
            assertEquals(List.of("GET /?to=b HTTP/1.1|204"), server.lines("b.log"));
        }
    }

    @Test
    @Effect("open_log_file_cache")
    void openLogFileCacheKeepsAFileUnderItsOldName() throws Exception {
        try (TestServer server = site("""
                location / { access_log ${arg_to}.log line; return 204; }
                location /kept/ {
                    open_log_file_cache max=2 inactive=1h valid=1h;
                    access_log kept-${arg_to}.log line;
                    return 204;
                }
                """)) {
            for (String target : List.of("/?to=a", "/kept/?to=a")) {
                String log = target.equals("/?to=a") ? "a.log" : "kept-a.log";
                server.get(target);
                server.awaitLines(log, 1);
                Files.move(server.folder().resolve(log), server.folder().resolve("old-" + log));
                server.get(target);
            }
            server.awaitLines("a.log", 1);
            server.awaitLines("old-kept-a.log", 2);
            assertFalse(Files.exists(server.folder().resolve("kept-a.log")));
        }
    }

    @Test
    @Effect({"access_log", "error_log"})
    void linesGoToASyslogServer() throws Exception {
        try (DatagramSocket syslog = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            syslog.setSoTimeout(50_000);
            String to = "syslog:server=127.0.0.1:" + syslog.getLocalPort();
            try (TestServer server = site("""
                    access_log %1$s,facility=local0,severity=notice,tag=web,nohostname line;
                    location /a { return 204; }
                    location /b { deny all; error_log %1$s; access_log off; }
                    """.formatted(to))) {
                server.get("/a");
                String access = message(syslog);
                assertTrue(access.matches("<133>[A-Z][a-z]{2} [ 1-3]\\d [\\d:]{8} web: GET /a HTTP/1.1\\|204"), access);
                server.get("/b");
                String error = message(syslog);
                assertTrue(error.matches("<187>[A-Z][a-z]{2} [ 1-3]\\d [\\d:]{8} \\S+ nginx: [\\d/]{10} [\\d:]{8} \\[error] "
                        + ".*access forbidden by rule, client: 127.0.0.1, .*"), error);
            }
        }
    }

    private static String message(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
        server.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1);
    }

    @Test
    @Effect("latency_log")
    void latencyLogCountsTheRequestsOfALocation() throws IOException {
        try (TestServer server = site("""
                location / { return 204; }
                location /b { return 204; latency_log times.hlog interval=100ms; }
                """)) {
            server.get("/a");
            server.get("/b");
            server.stop(Duration.ofSeconds(50));
            String log = String.join("\n", server.lines("times.hlog"));
            assertTrue(log.contains("Tag=location:_/b,"), log);
            assertFalse(log.contains("Tag=location:_/,"), log);
        }
    }
}
