package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Problem;
import io.selvage.server.wiring.GroupSnapshot;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// The operations of the admin API that change something. Thread-safe.
///
/// @param log receives a line about each change
/// @param changed runs after each change
record ChangingRoutes(ServerControl control, Consumer<String> log, Runnable changed) {
    List<ApiRoute> all() {
        return List.of(
                new ApiRoute(Method.PATCH, "/api/upstreams/{name}/peers/{peer}", this::patch),
                new ApiRoute(Method.DELETE, "/api/upstreams/{name}/peers/{peer}", this::remove),
                new ApiRoute(Method.POST, "/api/upstreams/{name}/peers", this::add),
                new ApiRoute(Method.DELETE, "/api/upstreams/{name}/overrides", this::clear),
                new ApiRoute(Method.POST, "/api/reload", (request, _, response) -> reload(request, response)));
    }

    private void patch(ServerRequest request, Map<String, String> values, ServerResponse response) {
        JsonBody body = JsonBody.read(request);
        UpstreamSnapshot peer = changes().patch(name(values), peer(values), body);
        done("changed peer \"" + peer.address() + "\" of upstream \"" + name(values) + "\": " + body);
        Answers.json(request, response, document(name(values), peer.address()));
    }

    private void add(ServerRequest request, Map<String, String> values, ServerResponse response) {
        UpstreamSnapshot peer = changes().add(name(values), JsonBody.read(request));
        done("added peer \"" + peer.address() + "\" to upstream \"" + name(values) + "\"");
        response.status(Status.CREATED_201);
        response.header(HeaderNames.LOCATION, "/api/upstreams/" + encoded(name(values)) + "/peers/" + encoded(peer.address()));
        Answers.json(request, response, document(name(values), peer.address()));
    }

    private void remove(ServerRequest request, Map<String, String> values, ServerResponse response) {
        changes().remove(name(values), peer(values), revision(request));
        done("removed peer \"" + peer(values) + "\" from upstream \"" + name(values) + "\"");
        response.status(Status.NO_CONTENT_204).send();
    }

    private void clear(ServerRequest request, Map<String, String> values, ServerResponse response) {
        changes().clear(name(values), revision(request));
        done("took back the changes of upstream \"" + name(values) + "\"");
        response.status(Status.NO_CONTENT_204).send();
    }

    private void reload(ServerRequest request, ServerResponse response) {
        JsonBody.read(request).check();
        if (control.running().life().draining()) {
            throw new ApiProblem(503, "Not Ready", "the server is stopping");
        }
        JsonObject document;
        try {
            JsonArray warnings = problems(control.reload());
            document = JSON.createObjectBuilder().add("generation", control.running().life().generation())
                    .add("warnings", warnings).build();
        } catch (ConfigProblems e) {
            throw new ApiProblem(422, "Configuration Refused", String.valueOf(e.getMessage())).with("problems",
                    problems(e.problems()));
        } catch (IOException e) {
            throw new ApiProblem(409, "Configuration Not Applied", String.valueOf(e.getMessage()));
        }
        changed.run();
        Answers.json(request, response, document);
    }

    private static JsonArray problems(List<Problem> problems) {
        return Documents.array(problems, problem -> JSON.createObjectBuilder()
                .add("file", problem.position().file())
                .add("line", problem.position().line())
                .add("column", problem.position().column())
                .add("message", problem.message())
                .build()).build();
    }

    /// @param what was changed; the admin API does not know by whom
    private void done(String what) {
        log.accept("the admin API " + what);
        changed.run();
    }

    private JsonObject document(String upstream, String address) {
        GroupSnapshot group = control.running().upstreams().stream().filter(each -> each.name().equals(upstream)).findFirst()
                .orElseThrow(() -> ApiProblem.notFound("there is no upstream \"" + upstream + "\" any more"));
        return Documents.peer(group, UpstreamPeers.find(group, address));
    }

    private PeerChanges changes() {
        return new PeerChanges(control.running());
    }

    private static Optional<String> revision(ServerRequest request) {
        return request.query().first("revision").asOptional();
    }

    private static String name(Map<String, String> values) {
        return Objects.requireNonNull(values.get("name"));
    }

    private static String peer(Map<String, String> values) {
        return Objects.requireNonNull(values.get("peer"));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
