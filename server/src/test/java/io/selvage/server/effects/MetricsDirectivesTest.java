package io.selvage.server.effects;

import io.selvage.server.net.Io;
import io.selvage.server.net.Ios;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Metrics in the formats of Prometheus.
@Timeout(60)
class MetricsDirectivesTest {

    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("prometheus")
    void prometheusShowsTheRequestsOfAllLocations(Io io) throws IOException {
        try (TestServer server = TestServer.nginx(io, """
                server { listen 127.0.0.1:0; server_name a;
                         location /m { prometheus; } location /r { return 204; } location = /x { return 404; } }
                """)) {
            server.get("/r");
            server.get("/r");
            server.get("/x");
            String answer = server.get("/m");
            for (int i = 0; i < 1000 && !body(answer).contains("_count{location=\"= /x\",site=\"a\"} 1\n"); i++) {
                answer = server.get("/m");                   // an exchange is counted after its answer was sent
            }
            assertEquals("text/plain; version=0.0.4; charset=utf-8", field(answer, "Content-Type"));
            String text = body(answer);
            assertTrue(text.contains("selvage_requests_total{code=\"4xx\",location=\"= /x\",site=\"a\"} 1.0\n"), text);
            assertTrue(text.contains("selvage_requests_total{code=\"2xx\",location=\"/r\",site=\"a\"} 2.0\n"), text);
            assertTrue(text.contains("selvage_request_duration_seconds_count{location=\"/r\",site=\"a\"} 2\n"), text);
            assertEquals(405, status(server.ask("POST /m HTTP/1.0\r\n\r\n")));
        }
    }

    @Test
    void openMetricsIsSentToWhoAsksForIt() throws IOException {
        try (TestServer server = site("location /m { prometheus; }")) {
            String answer = get(server, "/m", "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n");
            assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", field(answer, "Content-Type"));
            assertTrue(answer.endsWith("\n# EOF\n"), answer);
            assertEquals("Accept", field(answer, "Vary"));
        }
    }

    @Test
    void nothingIsCountedUnlessMetricsAreShown() throws IOException {
        String shown = "server { listen 127.0.0.1:0; location /m { location /m/n { prometheus; } } }";
        try (TestServer server = TestServer.nginx(Ios.usual(), "server { listen 127.0.0.1:0; }")) {
            assertTrue(server.server().metrics().isEmpty());
            server.reload(shown);
            assertTrue(server.server().metrics().isPresent());
            assertTrue(body(server.get("/m/n")).contains("selvage_uncounted_requests_total 0.0\n"));
            server.reload("server { listen 127.0.0.1:0; }");
            assertTrue(server.server().metrics().isEmpty());
        }
    }
}
