package io.selvage.server.admin;

import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/// One operation of the admin API.
///
/// @param handler answers; an [ApiProblem] that it throws becomes the answer
record ApiRoute(Method method, PathTemplate path, Operation handler) {

    /// Answers the requests of one operation. Any thread.
    interface Operation {
        /// @param values of the path, by their names
        void handle(ServerRequest request, Map<String, String> values, ServerResponse response);
    }

    ApiRoute(Method method, String path, Operation handler) {
        this(method, new PathTemplate(path), handler);
    }

    void handle(ServerRequest request, ServerResponse response) {
        handler.handle(request, path.values(request.path().rawPath()).orElse(Map.of()), response);
    }
}
