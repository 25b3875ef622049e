package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
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
