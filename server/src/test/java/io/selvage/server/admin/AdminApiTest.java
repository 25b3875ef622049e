package io.selvage.server.admin;

import io.selvage.server.proxy.Origin;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class AdminApiTest {
    private static final String SITE = "server { listen 127.0.0.1:0; return 204; }";
    private static final String PEERS = """
            upstream app { least_conn; server 127.0.0.1:1 weight=3; server unix:/run/a.sock backup; server 127.0.0.2:1 down; }
            server { listen 127.0.0.1:0; server_name shop.example *.shop.example;
                location / { proxy_pass http://app; } location ~ \\.png$ { return 404; } }
            """;

    @Test
    void statusCountsWhatClientsDid() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        try (Administered server = Administered.http(SITE)) {
            server.server().get("/");
            JsonObject status = server.document("/api/status");

            assertEquals(1, status.getJsonObject("connections").getInt("requests"));
            assertEquals(1, status.getJsonObject("connections").getInt("accepted"));
            assertEquals("running", status.getString("state"));
            assertEquals(ProcessHandle.current().pid(), status.getJsonNumber("pid").longValue());
            assertEquals("127.0.0.1:" + server.server().address().getPort(), status.getJsonArray("listening").getString(0));
            assertEquals(1, status.getJsonObject("configuration").getInt("generation"));
            assertFalse(Instant.parse(status.getString("started")).isBefore(before.minusMillis(1)));
            assertTrue(status.getJsonObject("jvm").getJsonNumber("heap_used_bytes").longValue() > 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"/api/status, application/json", "/health/ready, application/json",
        "/metrics, text/plain; version=0.0.4; charset=utf-8", "/, text/html; charset=utf-8",
        "/api/none, application/problem+json", "/api/events, text/event-stream"})
    void headIsAnsweredAsGetWithoutTheBody(String target, String type) throws Exception {
        try (Administered server = Administered.http(SITE)) {
            HttpResponse<String> head = server.send("HEAD", target, null);
            assertEquals("", head.body());
            assertEquals(target.endsWith("none") ? 404 : 200, head.statusCode());
            assertEquals(type, head.headers().firstValue("Content-Type").orElse(""));
            assertEquals(200, server.get("/health/ready").statusCode());
        }
    }

    @Test
    void headSaysHowLongTheDocumentIs() throws Exception {
        try (Administered server = Administered.http(SITE)) {
            HttpResponse<String> get = server.get("/api/openapi.json");
            HttpResponse<String> head = server.send("HEAD", "/api/openapi.json", null);
            assertEquals(get.headers().firstValue("Content-Length"), head.headers().firstValue("Content-Length"));
            assertEquals(405, server.send("HEAD", "/api/reload", null).statusCode());
            assertEquals("GET, HEAD", server.send("DELETE", "/api/status", null).headers().firstValue("Allow").orElse(""));
        }
    }

    @Test
    void statusTellsOfReloads() throws Exception {
        try (Administered server = Administered.http(SITE)) {
            server.server().server().reload(server.server().server().config());
            JsonObject configuration = server.document("/api/status").getJsonObject("configuration");
            assertEquals(2, configuration.getInt("generation"));
            assertTrue(configuration.getJsonObject("last_reload").getBoolean("successful"));

            server.server().server().notReloaded("test.conf:1:1: no");
            configuration = server.document("/api/status").getJsonObject("configuration");
            assertEquals(2, configuration.getInt("generation"));
            assertEquals("test.conf:1:1: no", configuration.getJsonObject("last_reload").getString("problem"));
        }
    }

    @Test
    void explainSaysWhatTheServerDoes() throws Exception {
        try (Administered server = Administered.http(PEERS)) {
            JsonObject picture = server.document("/api/explain?url=/a.png&field=Host:%20shop.example");
            assertEquals("shop.example", picture.getString("site"));
            assertEquals("~ \\.png$", picture.getString("location"));
            assertEquals(404, picture.getInt("status"));

            JsonObject passed = server.document("/api/explain?method=POST&url=/b%3Fc%3Dd&field=Host:%20x&field=A:%20b"
                    + "&client=10.1.2.3");
            assertEquals("proxy", passed.getString("handler"));
            assertEquals("POST /b?c=d from 10.1.2.3", passed.getString("name") + " " + passed.getString("text"));
            assertTrue(passed.toString().contains("POST /b?c=d HTTP/1.1\\r\\nHost: app\\r\\nA: b\\r\\n"), passed::toString);
            assertEquals(0, server.document("/api/status").getJsonObject("connections").getInt("requests"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                              | the parameter \"url\" is missing",
        "url=shop                        | \"shop\" is neither a URL that begins with http:// or https:// nor a path",
        "url=/&url=/b                    | the parameter \"url\" has several values",
        "url=/&method=G%20T              | \"G T\" is no method",
        "url=/&field=X                   | \"X\" is no field: it must be written as \"Name: value\"",
        "url=/&field=X:y%0d%0aZ:z        | a field contains the end of a line",
        "url=/&host=x                    | there is no parameter \"host\"",
    })
    void whatCannotBeExplainedIsRefused(String query, String problem) throws Exception {
        try (Administered server = Administered.http(SITE)) {
            HttpResponse<String> answer = server.get("/api/explain?" + query);
            assertEquals(400, answer.statusCode());
            assertEquals(problem, Administered.json(answer.body()).getString("detail"));
        }
    }

    @Test
    void requestsToOtherAddressesAreRefused() throws Exception {
        try (Administered server = Administered.http(SITE)) {
            HttpResponse<String> answer = server.get("/api/explain?url=http://a:1/");
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("the configuration does not listen on port 1 for a"), answer::body);
            assertEquals(400, server.get("/api/explain?url=/&client=here").statusCode());
        }
    }

    @Test
    void upstreamsShowTheirPeers() throws Exception {
        try (Administered server = Administered.http(PEERS)) {
            JsonObject app = server.document("/api/upstreams").getJsonArray("upstreams").getJsonObject(0);

            assertEquals("app", app.getString("name"));
            assertEquals("least_conn", app.getString("policy"));
            List<JsonObject> peers = app.getJsonArray("peers").getValuesAs(JsonObject.class);
            assertEquals(List.of("127.0.0.1:1 up 3", "unix:/run/a.sock up 1", "127.0.0.2:1 down 1"), peers.stream()
                    .map(peer -> peer.getString("address") + " " + peer.getString("state") + " " + peer.getInt("weight"))
                    .toList());
            assertTrue(peers.get(1).getBoolean("backup"));
            assertEquals(app.getString("revision"), server.document("/api/upstreams/app").getString("revision"));
        }
    }

    @Test
    void aPeerCountsItsRequests() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 204 No Content\r\n\r\n");
                Administered server = Administered.http("upstream app { server " + origin.address()
                        + "; } server { listen 127.0.0.1:0; location / { proxy_pass http://app; } }")) {
            server.server().get("/");
            JsonObject peer = server.document("/api/upstreams/app/peers/" + origin.address());
            assertEquals(1, peer.getInt("requests"));
            assertEquals(1, peer.getInt("successes"));
        }
    }

    @Test
    void aPeerOnAUnixSocketIsNamedWithEncodedSlashes() throws Exception {
        try (Administered server = Administered.http(PEERS)) {
            assertEquals("unix:/run/a.sock",
                    server.document("/api/upstreams/app/peers/unix:%2Frun%2Fa.sock").getString("address"));
        }
    }

    @Test
    void sitesShowTheirNamesAndLocations() throws Exception {
        try (Administered server = Administered.http(PEERS)) {
            JsonObject site = server.document("/api/sites").getJsonArray("sites").getJsonObject(0);

            assertEquals(List.of("shop.example", "*.shop.example"),
                    site.getJsonArray("names").getValuesAs(JsonString.class).stream().map(JsonString::getString).toList());
            assertEquals("127.0.0.1:0", site.getJsonArray("listens").getString(0));
            assertEquals(List.of("/ -> proxy_pass http://app", "~ \\.png$ -> return 404"),
                    site.getJsonArray("locations").getValuesAs(JsonObject.class).stream()
                            .map(location -> location.getString("match") + " -> " + location.getString("content")).toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /nothing                         | 404
            GET    | /api/upstreams/none              | 404
            GET    | /api/upstreams/app/peers/1.2.3.4 | 404
            GET    | /api/upstreams/app/              | 404
            GET    | /..%2f..%2fpackage-info.class    | 404
            GET    | /openapi.json                    | 404
            PUT    | /api/status                      | 405
            """)
    void whatIsNotThereIsAProblemDocument(String method, String target, int status) throws Exception {
        try (Administered server = Administered.http(PEERS)) {
            HttpResponse<String> answer = server.send(HttpRequest.newBuilder(server.uri(target))
                    .method(method, HttpRequest.BodyPublishers.noBody()));

            assertEquals(status, answer.statusCode(), answer.body());
            assertEquals(Optional.of("application/problem+json"), answer.headers().firstValue("content-type"));
            assertEquals(status, Administered.json(answer.body()).getInt("status"));
            assertEquals(status == 405, answer.headers().firstValue("allow").isPresent());
        }
    }

    @Test
    void theServerIsReadyFromItsStartToItsEnd() throws Exception {
        try (Administered server = Administered.starting()) {
            assertEquals(200, server.get("/health/live").statusCode());
            assertEquals(503, server.get("/health/ready").statusCode());
            assertEquals("starting", server.document("/health/ready").getString("state"));
            assertEquals(503, server.get("/api/status").statusCode());
        }
        try (Administered server = Administered.http(SITE)) {
            assertEquals(200, server.get("/health/ready").statusCode());
            server.server().stop(Duration.ZERO);
            assertEquals(503, server.get("/health/ready").statusCode());
            assertEquals("draining", server.document("/health/ready").getString("state"));
            assertEquals("draining", server.document("/api/status").getString("state"));
            assertEquals(200, server.get("/health/live").statusCode());
        }
    }

    @Test
    void theDashboardLoadsNothingFromElsewhere() throws Exception {
        try (Administered server = Administered.http(SITE)) {
            for (Map.Entry<String, String> file : Map.of("/", "text/html; charset=utf-8", "/dashboard.js",
                    "text/javascript; charset=utf-8", "/dashboard.css", "text/css; charset=utf-8").entrySet()) {
                HttpResponse<String> answer = server.get(file.getKey());
                assertEquals(200, answer.statusCode(), file.getKey());
                assertEquals(Optional.of(file.getValue()), answer.headers().firstValue("content-type"));
                String policy = answer.headers().firstValue("content-security-policy").orElseThrow();
                assertTrue(policy.startsWith("default-src 'none';"), policy);
                assertEquals(Optional.of("nosniff"), answer.headers().firstValue("x-content-type-options"));
                assertFalse(answer.body().contains("//cdn"), answer.body());
            }
        }
    }

    @Test
    void aCurrentCopyOfAFileIsNotSentAgain() throws Exception {
        try (Administered server = Administered.http(SITE)) {
            String tag = server.get("/").headers().firstValue("etag").orElseThrow();
            assertEquals(304, server.send(HttpRequest.newBuilder(server.uri("/")).header("If-None-Match", tag)).statusCode());
            assertEquals(200, server.send(HttpRequest.newBuilder(server.uri("/")).header("If-None-Match", "\"0\"")).statusCode());
        }
    }
}
