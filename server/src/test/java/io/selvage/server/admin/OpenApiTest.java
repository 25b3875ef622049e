package io.selvage.server.admin;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The description of the API describes exactly the routes, and the answers are as it says.
@Timeout(60)
class OpenApiTest {
    private static final String SITES = """
            upstream app { server 127.0.0.1:1; server unix:/run/a.sock; }
            server { listen 127.0.0.1:0; location / { proxy_pass http://app; location /a/ { root /a; } } }
            """;
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Test
    void everyRouteIsDescribedAndNoOther() throws Exception {
        var routes = new TreeSet<String>();
        new AdminApi(null, new RequestDeadlines(Duration.ZERO), new AdminAccess(Duration.ZERO, _ -> { }), (_, _) -> { }).routes()
                .forEach(route -> routes.add(route.method().text().toLowerCase(Locale.ROOT) + " " + route.path().text()));
        var described = new TreeSet<String>();
        try (Administered server = Administered.http(SITES)) {
            server.document("/api/openapi.json").getJsonObject("paths").forEach((path, operations) ->
                    operations.asJsonObject().keySet().stream().filter(METHODS::contains)
                            .forEach(method -> described.add(method + " " + path)));
        }
        assertEquals(routes, described);
        assertTrue(routes.size() > 5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            get | /api/status | /api/status | | 200
            get | /api/upstreams | /api/upstreams | | 200
            get | /api/upstreams/{name} | /api/upstreams/app | | 200
            get | /api/upstreams/{name} | /api/upstreams/none | | 404
            get | /api/upstreams/{name}/peers/{peer} | /api/upstreams/app/peers/127.0.0.1:1 | | 200
            get | /api/overrides | /api/overrides | | 200
            get | /api/sites | /api/sites | | 200
            get | /api/config | /api/config | | 200
            get | /api/explain | /api/explain?url=/a/b | | 200
            get | /api/explain | /api/explain | | 400
            get | /api/history | /api/history | | 200
            get | /api/history | /api/history?after=no | | 400
            get | /api/slowest | /api/slowest | | 200
            get | /api/latency | /api/latency?window=all | | 200
            get | /api/latency | /api/latency?window=901 | | 400
            get | /api/latency | /api/latency?format=hgrm&series=none | | 404
            get | /health/live | /health/live | | 200
            get | /health/ready | /health/ready | | 200
            patch | /api/upstreams/{name}/peers/{peer} | /api/upstreams/app/peers/127.0.0.1:1 | {"state": "down"} | 200
            patch | /api/upstreams/{name}/peers/{peer} | /api/upstreams/app/peers/127.0.0.1:1 | {"state": "no"} | 422
            post | /api/upstreams/{name}/peers | /api/upstreams/app/peers | {"address": "127.0.0.1:2"} | 201
            post | /api/upstreams/{name}/peers | /api/upstreams/app/peers | {"address": "127.0.0.1:1"} | 409
            delete | /api/upstreams/{name}/peers/{peer} | /api/upstreams/app/peers/127.0.0.1:9 | | 404
            post | /api/reload | /api/reload | {} | 200
            post | /api/reload | /api/reload | [] | 400
            """)
    void answersAreAsDescribed(String method, String path, String target, String body, String status) throws Exception {
        try (Administered server = Administered.http(SITES)) {
            server.server().server().notReloaded("no");
            server.patch("/api/upstreams/app/peers/127.0.0.1:1", "{\"weight\": 3}");
            check(server, method, path, target, body, status);
        }
    }

    @Test
    void aServerThatIsNotReadySaysSoAsDescribed() throws Exception {
        try (Administered server = Administered.http(SITES)) {
            server.server().stop(Duration.ZERO);
            check(server, "get", "/health/ready", "/health/ready", null, "503");
        }
    }

    @Test
    void aRefusedConfigurationIsAsDescribed() throws Exception {
        try (Administered server = Administered.http(SITES)) {
            server.text("worker_processes no;");
            check(server, "post", "/api/reload", "/api/reload", "{}", "422");
        }
    }

    private static void check(Administered server, String method, String path, String target, String body, String status)
            throws Exception {
        JsonObject description = server.document("/api/openapi.json");
        HttpResponse<String> answer = server.send(method.toUpperCase(Locale.ROOT), target, body);
        assertEquals(status, Integer.toString(answer.statusCode()), answer.body());
        JsonObject operation = description.getJsonObject("paths").getJsonObject(path).getJsonObject(method);
        DocumentSchema schemas = new DocumentSchema(description);
        if (body != null && status.startsWith("2")) {
            schemas.check(operation.getJsonObject("requestBody").getJsonObject("content").getJsonObject("application/json")
                    .getJsonObject("schema"), Administered.json(body), target);
        }
        JsonObject content = operation.getJsonObject("responses").getJsonObject(status).getJsonObject("content");
        String type = answer.headers().firstValue("content-type").orElseThrow();
        assertTrue(content.containsKey(type), target + ": " + type);
        schemas.check(content.getJsonObject(type).getJsonObject("schema"), Administered.json(answer.body()), target);
    }

    @Test
    void everyReferenceLeadsToASchema() throws Exception {
        try (Administered server = Administered.http(SITES)) {
            JsonObject description = server.document("/api/openapi.json");
            var named = new TreeSet<String>();
            references(description).forEach(named::add);
            assertEquals(description.getJsonObject("components").getJsonObject("schemas").keySet().stream()
                    .map(name -> "#/components/schemas/" + name).collect(Collectors.toCollection(TreeSet::new)), named);
        }
    }

    private static Stream<String> references(JsonValue value) {
        return switch (value.getValueType()) {
            case OBJECT -> value.asJsonObject().entrySet().stream().flatMap(member -> member.getKey().equals("$ref")
                    ? Stream.of(((JsonString) member.getValue()).getString()) : references(member.getValue()));
            case ARRAY -> value.asJsonArray().stream().flatMap(OpenApiTest::references);
            default -> Stream.of();
        };
    }

    @Test
    void aDocumentOfAnotherShapeIsFound() throws Exception {
        try (Administered server = Administered.http(SITES)) {
            JsonObject description = server.document("/api/openapi.json");
            JsonObject schema = Administered.json("{\"$ref\": \"#/components/schemas/Health\"}");
            DocumentSchema checking = new DocumentSchema(description);
            checking.check(schema, Administered.json("{\"state\": \"alive\"}"), "");
            for (String wrong : List.of("{}", "{\"state\": \"no\"}", "{\"state\": 1}",
                    "{\"state\": \"alive\", \"more\": 1}")) {
                assertThrows(AssertionError.class, () -> checking.check(schema, Administered.json(wrong), ""), wrong);
            }
        }
    }
}
