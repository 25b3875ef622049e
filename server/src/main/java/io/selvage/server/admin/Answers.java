package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;

/// Sends documents as responses.
final class Answers {
    private Answers() {
    }

    static void json(ServerRequest request, ServerResponse response, JsonValue document) {
        json(request, response, bytes(document));
    }

    /// @param document JSON
    static void json(ServerRequest request, ServerResponse response, byte[] document) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        send(request, response, document);
    }

    static void problem(ServerRequest request, ServerResponse response, ApiProblem problem) {
        response.status(problem.status());
        response.header(HeaderNames.CONTENT_TYPE, ApiProblem.MEDIA_TYPE);
        problem.fields().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        send(request, response, bytes(problem.document()));
    }

    /// Sends a body, or its length only in the answer to HEAD (RFC 9110 §9.3.2).
    static void send(ServerRequest request, ServerResponse response, byte[] body) {
        if (isHead(request)) {
            response.header(HeaderNames.CONTENT_LENGTH, Integer.toString(body.length));
            response.send();
        } else {
            response.send(body);
        }
    }

    static boolean isHead(ServerRequest request) {
        return request.prologue().method().equals(Method.HEAD);
    }

    /// A document and a line break behind it, for people who read it in a terminal.
    static byte[] bytes(JsonValue document) {
        return (document + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
