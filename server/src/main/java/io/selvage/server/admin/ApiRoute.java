package io.selvage.server.admin;

import io.helidon.http.Method;
import io.helidon.http.MethodPredicate;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;

/// One operation of the admin API.
///
/// @param handler answers; an [ApiProblem] that it throws becomes the answer
record ApiRoute(Method method, PathTemplate path, Operation handler) {
    /// A client that may read may ask for the head alone (RFC 9110 §9.1).
    static final MethodPredicate READING = Method.predicate(Method.GET, Method.HEAD);

    /// Answers the requests of one operation. Any thread.
    interface Operation {
        /// @param values of the path, by their names
        void handle(ServerRequest request, Map<String, String> values, ServerResponse response);
    }

    ApiRoute(Method method, String path, Operation handler) {
        this(method, new PathTemplate(path), handler);
    }

    MethodPredicate predicate() {
        return method.equals(Method.GET) ? READING : Method.predicate(method);
    }

    /// The names of all methods that it answers.
    List<String> methods() {
        return method.equals(Method.GET) ? List.of(Method.GET.text(), Method.HEAD.text()) : List.of(method.text());
    }

    void handle(ServerRequest request, ServerResponse response) {
        handler.handle(request, path.values(request.path().rawPath()).orElse(Map.of()), response);
    }
}
