package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class LimitDirectivesTest {
    private static final String REQUESTS = """
            limit_req_zone $server_port zone=z:1m rate=1r/m;
            server { listen 127.0.0.1:0; root .; location /b { limit_req zone=z; %s } }
            """;
    private static final String CONNECTIONS = """
            limit_conn_zone $server_port zone=z:1m;
            server { listen 127.0.0.1:0; location / { proxy_pass http://%s; limit_conn z 1; %s } }
            """;

    @Test
    @Effect("allow")
    void allowLetsInWhomTheNextRuleKeepsOut() throws IOException {
        try (TestServer server = site("deny all; location /b { allow 127.0.0.1; deny all; }", "a", "", "b", "")) {
            assertEquals(403, status(server.get("/a")));
            assertEquals(200, status(server.get("/b")));
        }
    }

    @Test
    @Effect("deny")
    void denyKeepsOut() throws IOException {
        try (TestServer server = site("location /b { deny 127.0.0.0/8; }", "a", "", "b", "")) {
            assertEquals(200, status(server.get("/a")));
            assertEquals(403, status(server.get("/b")));
        }
    }

    @Test
    @Effect({"limit_req", "limit_req_zone"})
    void limitReqRefusesWhatIsFasterThanTheRateOfTheZone() throws IOException {
        try (TestServer server = http(REQUESTS.formatted(""), "a", "", "b", "")) {
            assertEquals(List.of(200, 200), List.of(status(server.get("/a")), status(server.get("/a"))));
            assertEquals(List.of(200, 503), List.of(status(server.get("/b")), status(server.get("/b"))));
        }
    }

    @ParameterizedTest
    @CsvSource({"'', 503, [error]", "limit_req_status 429;, 429, [error]", "limit_req_dry_run on;, 200, [error]",
        "limit_req_log_level info;, 503, [info]"})
    @Effect({"limit_req_status", "limit_req_dry_run", "limit_req_log_level"})
    void excessRequestsAreHandledAsConfigured(String directive, int status, String level) throws IOException {
        try (TestServer server = http(REQUESTS.formatted(directive), "b", "")) {
            assertEquals(200, status(server.get("/b")));
            assertEquals(status, status(server.get("/b")));
            String line = limited(server);
            assertTrue(line.startsWith(level), line);
            assertEquals(directive.contains("dry_run"), line.contains(", dry run,"), line);
        }
    }

    private static String limited(TestServer server) throws IOException {
        return server.errorLog().stream().filter(line -> line.contains(" limiting ")).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"'', 503, [error]", "limit_conn_status 429;, 429, [error]", "limit_conn_dry_run on;, 200, [error]",
        "limit_conn_log_level info;, 503, [info]"})
    @Effect({"limit_conn", "limit_conn_zone", "limit_conn_status", "limit_conn_dry_run", "limit_conn_log_level"})
    void excessExchangesAreHandledAsConfigured(String directive, int status, String level) throws Exception {
        Signal asked = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.end();
        }, wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
             TestServer server = http(CONNECTIONS.formatted(origin.address(), directive)); RawClient first = server.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            assertEquals(status, status(server.get("/")));
            server.stop(Duration.ZERO);
            String line = limited(server);
            assertTrue(line.startsWith(level), line);
            assertEquals(directive.contains("dry_run"), line.contains(", dry run,"), line);
        }
    }

    @Test
    @Effect("limit_rate")
    void limitRateHoldsAnAnswerBack() throws IOException {
        try (TestServer server = site("limit_rate 1k;", "f", "x".repeat(300))) {
            long started = System.nanoTime();
            assertEquals(300, body(server.get("/f")).length());
            assertTrue(System.nanoTime() - started >= Duration.ofMillis(200).toNanos());
        }
    }

    @Test
    void ratesMayHaveVariables() throws IOException {
        try (TestServer server = site("limit_rate $arg_rate; limit_rate_after $arg_after;", "f", "x".repeat(300))) {
            long started = System.nanoTime();
            assertEquals(300, body(server.get("/f?rate=1k")).length());
            assertTrue(System.nanoTime() - started >= Duration.ofMillis(200).toNanos());
            for (String unlimited : List.of("/f", "/f?rate=0", "/f?rate=fast", "/f?rate=1&after=1k")) {
                assertEquals(300, body(server.get(unlimited)).length());
            }
        }
    }

    /// At one byte a second, all of the answer would take five minutes.
    @Test
    @Effect("limit_rate_after")
    void limitRateAfterSendsTheBeginningAtOnce() throws IOException {
        try (TestServer server = site("limit_rate 1; limit_rate_after 1k;", "f", "x".repeat(300))) {
            assertEquals(300, body(server.get("/f")).length());
        }
    }

    @Test
    void limitsHoldForThisServerWhileTheirStoreIsAway() throws Exception {
        String store = "store=redis://" + Origin.refusing();
        try (TestServer server = http("limit_req_zone a zone=r:1m rate=1r/m " + store + "; limit_conn_zone a zone=c:1m " + store
                + "; server { listen 127.0.0.1:0; root .; limit_conn c 1; location /b { limit_req zone=r; } }", "a", "", "b",
                        "")) {
            assertTrue(server.awaitLines("error.log", 1).getFirst().contains(" is away ("));
            assertEquals(List.of(200, 200), List.of(status(server.get("/a")), status(server.get("/b"))));
            assertEquals(503, status(server.get("/b")));
            List<String> log = server.errorLog();
            assertEquals(1, log.stream().filter(line -> line.contains("the store redis://")).count(), log.toString());
        }
    }
}
