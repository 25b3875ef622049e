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

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The description of the API describes exactly the routes, and the answers are as it says.
@Timeout(20)
class OpenApiTest {
    private static final String SITES = """
            upstream app { server 127.0.0.1:1; server unix:/run/a.sock; }
            server { listen 127.0.0.1:0; location / { proxy_pass http://app; location /a/ { root /a; } } }
            """;
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @Test
    void everyRouteIsDescribedAndNoOther() throws Exception {
        var routes = new TreeSet<String>();
        new AdminApi(null, new RequestDeadlines(Duration.ZERO), _ -> { }).routes()
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

    @Test
    void answersAreAsDescribed() throws Exception {
        try (Administered server = Administered.http(SITES)) {
            JsonObject description = server.document("/api/openapi.json");
            server.server().server().notReloaded("no");
            for (String target : new String[] {"/api/status", "/api/upstreams", "/api/upstreams/{name}",
                "/api/upstreams/{name}/peers/{peer}", "/api/sites", "/health/live", "/health/ready"}) {
                check(description, server, target, target.replace("{name}", "app").replace("{peer}", "127.0.0.1:1"), "200");
            }
            check(description, server, "/api/upstreams/{name}", "/api/upstreams/none", "404");
            check(description, server, "/api/explain", "/api/explain?url=/&method=POST&field=X:%20y", "200");
            check(description, server, "/api/explain", "/api/explain", "400");
            server.server().stop(Duration.ZERO);
            check(description, server, "/health/ready", "/health/ready", "503");
        }
    }

    private static void check(JsonObject description, Administered server, String path, String target, String status)
            throws Exception {
        HttpResponse<String> answer = server.get(target);
        assertEquals(status, Integer.toString(answer.statusCode()));
        JsonObject content = description.getJsonObject("paths").getJsonObject(path).getJsonObject("get")
                .getJsonObject("responses").getJsonObject(status).getJsonObject("content");
        String type = answer.headers().firstValue("content-type").orElseThrow();
        assertEquals(Set.of(type), content.keySet(), target);
        new DocumentSchema(description).check(content.getJsonObject(type).getJsonObject("schema"),
                Administered.json(answer.body()), target);
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
