package io.selvage.server.admin;

import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.selvage.server.observe.Traffic;
import io.selvage.server.wiring.GroupSnapshot;
import io.selvage.server.wiring.Server;
import io.selvage.server.wiring.ServerSnapshot;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The operations of the admin API that change nothing. Thread-safe.
///
/// @param access counts requests with a wrong token
/// @param description the OpenAPI document
record ReadingRoutes(ServerControl control, AdminAccess access, RequestDeadlines deadlines, EventStream events,
        byte[] description) {
    List<ApiRoute> all() {
        return List.of(
                new ApiRoute(Method.GET, "/api/status", (_, _, response) -> Answers.json(response, status(server().snapshot()))),
                new ApiRoute(Method.GET, "/api/upstreams", (_, _, response) ->
                        Answers.json(response, Documents.upstreams(server().upstreams()))),
                new ApiRoute(Method.GET, "/api/upstreams/{name}", (_, values, response) ->
                        Answers.json(response, Documents.upstream(group(values)))),
                new ApiRoute(Method.GET, "/api/upstreams/{name}/peers/{peer}", (_, values, response) ->
                        peer(group(values), Objects.requireNonNull(values.get("peer")), response)),
                new ApiRoute(Method.GET, "/api/overrides", (_, _, response) ->
                        Answers.json(response, Documents.overrides(server().overrides(), server().upstreams()))),
                new ApiRoute(Method.GET, "/api/sites", (_, _, response) ->
                        Answers.json(response, SitesDocument.of(server().config()))),
                new ApiRoute(Method.GET, "/api/config", (_, _, response) ->
                        Answers.json(response, ConfigDocument.of(control.loaded()))),
                new ApiRoute(Method.GET, "/api/explain", (request, _, response) ->
                        Answers.json(response, (ExplainQuery.explain(server(), request.query()).toJson() + "\n")
                                .getBytes(StandardCharsets.UTF_8))),
                new ApiRoute(Method.GET, "/api/history", (request, _, response) ->
                        Answers.json(response, TrafficDocuments.history(traffic(), after(request)))),
                new ApiRoute(Method.GET, "/api/slowest", (_, _, response) ->
                        Answers.json(response, TrafficDocuments.slowest(traffic()))),
                new ApiRoute(Method.GET, "/api/events", (_, _, response) -> events(response)),
                new ApiRoute(Method.GET, "/api/openapi.json", (_, _, response) -> Answers.json(response, description)),
                new ApiRoute(Method.GET, "/health/live", (_, _, response) -> Answers.json(response, health("alive"))),
                new ApiRoute(Method.GET, "/health/ready", (_, _, response) -> ready(response)));
    }

    /// The data of an event `snapshot`.
    JsonObject snapshot() {
        ServerSnapshot snapshot = server().snapshot();
        return Json.createObjectBuilder()
                .add("status", status(snapshot))
                .add("upstreams", Documents.array(snapshot.upstreams(), Documents::upstream))
                .add("traffic", TrafficDocuments.totals(traffic()))
                .add("latency", TrafficDocuments.lately(traffic()))
                .build();
    }

    private Traffic traffic() {
        return server().metrics().orElseThrow(ApiProblem::starting).traffic();
    }

    private static Instant after(ServerRequest request) {
        String text = request.query().first("after").orElse(Instant.EPOCH.toString());
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ApiProblem.badRequest("\"after\" is not a time of RFC 3339: " + text);
        }
    }

    private JsonObject status(ServerSnapshot snapshot) {
        return Documents.status(snapshot, server().addresses(), access.failures(), Instant.now());
    }

    private static void peer(GroupSnapshot group, String address, ServerResponse response) {
        Answers.json(response, Documents.peer(group, UpstreamPeers.find(group, address)));
    }

    private void events(ServerResponse response) {
        JsonObject first = snapshot();
        deadlines.noDeadline();
        events.serve(response, "snapshot", first);
    }

    private void ready(ServerResponse response) {
        boolean ready = control.server().filter(server -> !server.life().draining()).isPresent();
        if (!ready) {
            String state = control.server().isPresent() ? "draining" : "starting";
            throw new ApiProblem(503, "Not Ready", "the server is " + state).with("state", Json.createValue(state));
        }
        Answers.json(response, health("ready"));
    }

    private static JsonObject health(String state) {
        return Json.createObjectBuilder().add("state", state).build();
    }

    private Server server() {
        return control.server().orElseThrow(ApiProblem::starting);
    }

    private GroupSnapshot group(Map<String, String> values) {
        String name = values.get("name");
        return server().upstreams().stream().filter(group -> group.name().equals(name)).findFirst().orElseThrow(() ->
                ApiProblem.notFound("there is no upstream \"" + name + "\""));
    }
}
