package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.selvage.server.observe.Traffic;
import io.selvage.server.wiring.GroupSnapshot;
import io.selvage.server.wiring.ServerSnapshot;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// The operations of the admin API that change nothing. Thread-safe.
///
/// @param access counts requests with a wrong token
/// @param description the OpenAPI document
record ReadingRoutes(ServerControl control, AdminAccess access, RequestDeadlines deadlines, EventStream events,
        byte[] description) {
    List<ApiRoute> all() {
        return List.of(
                new ApiRoute(Method.GET, "/api/status", (request, _, response) ->
                        Answers.json(request, response, status(control.running().snapshot()))),
                new ApiRoute(Method.GET, "/api/upstreams", (request, _, response) ->
                        Answers.json(request, response, Documents.upstreams(control.running().upstreams()))),
                new ApiRoute(Method.GET, "/api/upstreams/{name}", (request, values, response) ->
                        Answers.json(request, response, Documents.upstream(group(values)))),
                new ApiRoute(Method.GET, "/api/upstreams/{name}/peers/{peer}", (request, values, response) ->
                        peer(group(values), Objects.requireNonNull(values.get("peer")), request, response)),
                new ApiRoute(Method.GET, "/api/overrides", (request, _, response) ->
                        Answers.json(request, response, Documents.overrides(control.running().overrides(),
                                control.running().upstreams()))),
                new ApiRoute(Method.GET, "/api/sites", (request, _, response) ->
                        Answers.json(request, response, SitesDocument.of(control.running().config()))),
                new ApiRoute(Method.GET, "/api/config", (request, _, response) ->
                        Answers.json(request, response, ConfigDocument.of(control.loaded()))),
                new ApiRoute(Method.GET, "/api/explain", (request, _, response) ->
                        Answers.json(request, response, (ExplainQuery.explain(control.running(), request.query()).toJson() + "\n")
                                .getBytes(StandardCharsets.UTF_8))),
                new ApiRoute(Method.GET, "/api/history", (request, _, response) ->
                        Answers.json(request, response, TrafficDocuments.history(traffic(), after(request)))),
                new ApiRoute(Method.GET, "/api/slowest", (request, _, response) ->
                        Answers.json(request, response, TrafficDocuments.slowest(traffic()))),
                new ApiRoute(Method.GET, "/api/events", (request, _, response) -> events(request, response)),
                new ApiRoute(Method.GET, "/api/openapi.json", (request, _, response) ->
                        Answers.json(request, response, description)),
                new ApiRoute(Method.GET, "/health/live", (request, _, response) ->
                        Answers.json(request, response, health("alive"))),
                new ApiRoute(Method.GET, "/health/ready", (request, _, response) -> ready(request, response)));
    }

    /// The data of an event `snapshot`.
    JsonObject snapshot() {
        ServerSnapshot snapshot = control.running().snapshot();
        return JSON.createObjectBuilder()
                .add("status", status(snapshot))
                .add("upstreams", Documents.array(snapshot.upstreams(), Documents::upstream))
                .add("traffic", TrafficDocuments.totals(traffic()))
                .add("latency", TrafficDocuments.lately(traffic()))
                .build();
    }

    private Traffic traffic() {
        return control.running().metrics().orElseThrow(ApiProblem::starting).traffic();
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
        return Documents.status(snapshot, control.running().addresses(), access.failures(), Instant.now());
    }

    private static void peer(GroupSnapshot group, String address, ServerRequest request, ServerResponse response) {
        Answers.json(request, response, Documents.peer(group, UpstreamPeers.find(group, address)));
    }

    private void events(ServerRequest request, ServerResponse response) {
        JsonObject first = snapshot();
        if (Answers.isHead(request)) {
            response.header(HeaderNames.CONTENT_TYPE, EventStream.MEDIA_TYPE);
            response.send();
            return;
        }
        deadlines.noDeadline();
        events.serve(response, "snapshot", first);
    }

    private void ready(ServerRequest request, ServerResponse response) {
        boolean ready = control.server().filter(server -> !server.life().draining()).isPresent();
        if (!ready) {
            String state = control.server().isPresent() ? "draining" : "starting";
            throw new ApiProblem(503, "Not Ready", "the server is " + state).with("state", JSON.createValue(state));
        }
        Answers.json(request, response, health("ready"));
    }

    private static JsonObject health(String state) {
        return JSON.createObjectBuilder().add("state", state).build();
    }

    private GroupSnapshot group(Map<String, String> values) {
        String name = values.get("name");
        return control.running().upstreams().stream().filter(group -> group.name().equals(name)).findFirst().orElseThrow(() ->
                ApiProblem.notFound("there is no upstream \"" + name + "\""));
    }
}
