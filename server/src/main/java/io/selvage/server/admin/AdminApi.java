package io.selvage.server.admin;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.PathMatchers;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.selvage.server.observe.Severity;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the admin API answers: [ReadingRoutes], [LatencyRoutes] and [ChangingRoutes] list it. Thread-safe.
final class AdminApi {
    private static final HeaderName SECURITY_POLICY = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName REFERRER_POLICY = HeaderNames.create("Referrer-Policy");
    private static final HeaderName RESOURCE_POLICY = HeaderNames.create("Cross-Origin-Resource-Policy");
    /// The page loads nothing from elsewhere, and no page of elsewhere shows it.
    private static final String OWN_ONLY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final ServerControl control;
    private final BiConsumer<Severity, String> log;
    private final EventStream events = new EventStream();
    private final DashboardFiles dashboard = new DashboardFiles();
    private final RequestDeadlines deadlines;
    private final AdminAccess access;
    private final ReadingRoutes reading;
    private final ChangingRoutes changing;

    /// @param log receives one line for each change, and for each request that failed by a fault of the server
    AdminApi(ServerControl control, RequestDeadlines deadlines, AdminAccess access, BiConsumer<Severity, String> log) {
        this.control = control;
        this.deadlines = deadlines;
        this.access = access;
        this.log = log;
        this.reading = new ReadingRoutes(control, access, deadlines, events, resource("openapi.json"));
        this.changing = new ChangingRoutes(control, line -> log.accept(Severity.NOTICE, line), this::sendSnapshot);
    }

    /// Every operation.
    List<ApiRoute> routes() {
        List<ApiRoute> all = new ArrayList<>(reading.all());
        all.addAll(new LatencyRoutes(control).all());
        all.addAll(changing.all());
        return all;
    }

    /// The routes for Helidon.
    HttpRouting.Builder routing() {
        List<ApiRoute> routes = routes();
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(deadlines)
                .addFilter(AdminApi::addPolicies)
                .addFilter(access)
                .error(ApiProblem.class, (request, response, problem) -> Answers.problem(request, response, problem))
                .error(HttpException.class, (request, response, e) ->
                        Answers.problem(request, response, problem(e.status(), e)))
                .error(Throwable.class, (request, response, e) ->
                        Answers.problem(request, response, unexpected(request, e)));
        routes.forEach(route -> routing.route(route.predicate(), route.path(), route::handle));
        routing.route(ApiRoute.READING, PathMatchers.create("/"), dashboard::serve)
                .route(ApiRoute.READING, PathMatchers.create("/{file}"), dashboard::serve);
        return routing.any((request, _) -> {
            throw unknown(routes, request);
        });
    }

    /// Answers requests that Helidon refuses by itself.
    DirectHandler.TransportResponse refuse(Status status, ServerResponseHeaders fields, @Nullable String message) {
        JsonObject document = new ApiProblem(status.code(), status.reasonPhrase(),
                Optional.ofNullable(message).orElse("the request is malformed")).document();
        return DirectHandler.TransportResponse.builder().status(status).headers(fields)
                .header(HeaderNames.CONTENT_TYPE, ApiProblem.MEDIA_TYPE).keepAlive(false).entity(Answers.bytes(document)).build();
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
            events.send("snapshot", reading.snapshot());
        }
    }

    /// Ends the streams of events.
    void close() {
        events.close();
    }

    private static ApiProblem unknown(List<ApiRoute> routes, ServerRequest request) {
        String path = request.path().rawPath();
        String allowed = routes.stream().filter(route -> route.path().values(path).isPresent())
                .flatMap(route -> route.methods().stream()).sorted().collect(Collectors.joining(", "));
        return allowed.isEmpty() ? ApiProblem.notFound("there is nothing at " + path)
                : new ApiProblem(405, "Method Not Allowed", request.prologue().method().text() + " is not allowed at " + path)
                        .withField("Allow", allowed);
    }

    private static ApiProblem problem(Status status, Throwable cause) {
        return new ApiProblem(status.code(), status.reasonPhrase(), String.valueOf(cause.getMessage()));
    }

    private ApiProblem unexpected(ServerRequest request, Throwable cause) {
        log.accept(Severity.ERROR, "the admin API failed at " + request.prologue().method().text() + " "
                + request.path().rawPath() + ": " + cause);
        return new ApiProblem(500, "Internal Server Error", "the error log says more");
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(AdminApi.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
