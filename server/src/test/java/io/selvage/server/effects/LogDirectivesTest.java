package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.main;
import static io.selvage.server.effects.Serving.site;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(20)
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
            server.stop(Duration.ofSeconds(10));
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
            server.stop(Duration.ofSeconds(10));
            assertEquals(1, server.lines("main.log").size());
        }
    }

    @Test
    @Effect("access_log")
    void accessLogIsCompressed() throws Exception {
        try (TestServer server = site("return 204; access_log a.gz line gzip=9 flush=20ms;")) {
            server.get("/a");
            server.stop(Duration.ofSeconds(10));
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
            server.stop(Duration.ofSeconds(10));
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
            syslog.setSoTimeout(20_000);
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
            server.stop(Duration.ofSeconds(10));
            String log = String.join("\n", server.lines("times.hlog"));
            assertTrue(log.contains("Tag=location:_/b,"), log);
            assertFalse(log.contains("Tag=location:_/,"), log);
        }
    }
}
