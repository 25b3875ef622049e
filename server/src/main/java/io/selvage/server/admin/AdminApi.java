package io.selvage.server.admin;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.selvage.server.http.Explanation;
import io.selvage.server.wiring.GroupSnapshot;
import io.selvage.server.wiring.Server;
import io.selvage.server.wiring.ServerSnapshot;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the admin API answers: [#routes] lists it. Thread-safe.
final class AdminApi {
    private static final HeaderName SECURITY_POLICY = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName REFERRER_POLICY = HeaderNames.create("Referrer-Policy");
    private static final HeaderName RESOURCE_POLICY = HeaderNames.create("Cross-Origin-Resource-Policy");
    /// The page loads nothing from elsewhere, and no page of elsewhere shows it.
    private static final String OWN_ONLY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final ServerControl control;
    private final Consumer<String> log;
    private final EventStream events = new EventStream();
    private final DashboardFiles dashboard = new DashboardFiles();
    private final byte[] description = resource("openapi.json");
    private final RequestDeadlines deadlines;

    /// @param log receives one line for each request that failed by a fault of the server
    AdminApi(ServerControl control, RequestDeadlines deadlines, Consumer<String> log) {
        this.control = control;
        this.deadlines = deadlines;
        this.log = log;
    }

    /// Every operation.
    List<ApiRoute> routes() {
        return List.of(
                new ApiRoute(Method.GET, "/api/status", (_, _, response) -> send(response, status())),
                new ApiRoute(Method.GET, "/api/upstreams", (_, _, response) ->
                        send(response, Documents.upstreams(snapshot().upstreams()))),
                new ApiRoute(Method.GET, "/api/upstreams/{name}", (_, values, response) ->
                        send(response, Documents.upstream(group(values)))),
                new ApiRoute(Method.GET, "/api/upstreams/{name}/peers/{peer}", (_, values, response) ->
                        send(response, Documents.peer(UpstreamPeers.find(group(values), values.get("peer"))))),
                new ApiRoute(Method.GET, "/api/sites", (_, _, response) -> send(response, SitesDocument.of(server().config()))),
                new ApiRoute(Method.GET, "/api/events", (_, _, response) -> {
                    JsonObject first = event();
                    deadlines.noDeadline();
                    events.serve(response, "snapshot", first);
                }),
                new ApiRoute(Method.GET, "/api/explain", (request, _, response) ->
                        send(response, bytes(ExplainQuery.explain(server(), request.query())))),
                new ApiRoute(Method.GET, "/api/openapi.json", (_, _, response) -> send(response, description)),
                new ApiRoute(Method.GET, "/health/live", (_, _, response) -> send(response, health("alive"))),
                new ApiRoute(Method.GET, "/health/ready", (_, _, response) -> ready(response)));
    }

    /// The routes for Helidon.
    HttpRouting.Builder routing() {
        List<ApiRoute> routes = routes();
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(deadlines)
                .addFilter(AdminApi::addPolicies)
                .error(ApiProblem.class, (_, response, problem) -> send(response, problem))
                .error(HttpException.class, (_, response, e) -> send(response, problem(e.status(), e)))
                .error(Throwable.class, (request, response, e) -> send(response, unexpected(request, e)));
        routes.forEach(route -> routing.route(route.method(), route.path(), route::handle));
        routing.get("/", dashboard::serve).get("/{file}", dashboard::serve);
        return routing.any((request, _) -> {
            throw unknown(routes, request);
        });
    }

    /// Answers requests that Helidon refuses by itself.
    DirectHandler.TransportResponse refuse(Status status, ServerResponseHeaders fields, @Nullable String message) {
        JsonObject document = new ApiProblem(status.code(), status.reasonPhrase(),
                Optional.ofNullable(message).orElse("the request is malformed")).document();
        return DirectHandler.TransportResponse.builder().status(status).headers(fields)
                .header(HeaderNames.CONTENT_TYPE, ApiProblem.MEDIA_TYPE).keepAlive(false).entity(bytes(document)).build();
    }

    private static void addPolicies(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        response.header(SECURITY_POLICY, OWN_ONLY);
        response.header(REFERRER_POLICY, "no-referrer");
        response.header(RESOURCE_POLICY, "same-origin");
        response.header(HeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        chain.proceed();
    }

    /// Sends a snapshot to all subscribers of events, if there are any.
    void sendSnapshot() {
        if (events.isSubscribed() && control.server().isPresent()) {
            events.send("snapshot", event());
        }
    }

    /// Ends the streams of events.
    void close() {
        events.close();
    }

    private JsonObject event() {
        ServerSnapshot snapshot = snapshot();
        return Json.createObjectBuilder()
                .add("status", Documents.status(snapshot, server().addresses(), Instant.now()))
                .add("upstreams", Documents.upstreams(snapshot.upstreams()).get("upstreams"))
                .build();
    }

    private JsonObject status() {
        return Documents.status(snapshot(), server().addresses(), Instant.now());
    }

    private void ready(ServerResponse response) {
        boolean ready = control.server().filter(server -> !server.life().draining()).isPresent();
        if (!ready) {
            String state = control.server().isPresent() ? "draining" : "starting";
            throw new ApiProblem(503, "Not Ready", "the server is " + state).with("state", Json.createValue(state));
        }
        send(response, health("ready"));
    }

    private static JsonObject health(String state) {
        return Json.createObjectBuilder().add("state", state).build();
    }

    private Server server() {
        return control.server().orElseThrow(() ->
                new ApiProblem(503, "Not Ready", "the server is starting").withField("Retry-After", "1"));
    }

    private ServerSnapshot snapshot() {
        return server().snapshot();
    }

    private GroupSnapshot group(Map<String, String> values) {
        String name = values.get("name");
        return Documents.group(snapshot(), String.valueOf(name)).orElseThrow(() ->
                ApiProblem.notFound("there is no upstream \"" + name + "\""));
    }

    private static ApiProblem unknown(List<ApiRoute> routes, ServerRequest request) {
        String path = request.path().rawPath();
        String allowed = routes.stream().filter(route -> route.path().values(path).isPresent())
                .map(route -> route.method().text()).sorted().collect(Collectors.joining(", "));
        return allowed.isEmpty() ? ApiProblem.notFound("there is nothing at " + path)
                : new ApiProblem(405, "Method Not Allowed", request.prologue().method().text() + " is not allowed at " + path)
                        .withField("Allow", allowed);
    }

    private static ApiProblem problem(Status status, Throwable cause) {
        return new ApiProblem(status.code(), status.reasonPhrase(), String.valueOf(cause.getMessage()));
    }

    private ApiProblem unexpected(ServerRequest request, Throwable cause) {
        log.accept("the admin API failed at " + request.prologue().method().text() + " " + request.path().rawPath()
                + ": " + cause);
        return new ApiProblem(500, "Internal Server Error", "the error log says more");
    }

    private static void send(ServerResponse response, JsonValue document) {
        send(response, bytes(document));
    }

    private static void send(ServerResponse response, byte[] document) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(document);
    }

    private static void send(ServerResponse response, ApiProblem problem) {
        response.status(problem.status());
        response.header(HeaderNames.CONTENT_TYPE, ApiProblem.MEDIA_TYPE);
        problem.fields().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        response.send(bytes(problem.document()));
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(AdminApi.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Explanation explanation) {
        return (explanation.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(JsonValue document) {
        return (document + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
