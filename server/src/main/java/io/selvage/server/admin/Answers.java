package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;

/// Sends documents as responses.
final class Answers {
    private Answers() {
    }

    static void json(ServerResponse response, JsonValue document) {
        json(response, bytes(document));
    }

    /// @param document JSON
    static void json(ServerResponse response, byte[] document) {
        response.header(HeaderNames.CONTENT_TYPE, "application/json");
        response.send(document);
    }

    static void problem(ServerResponse response, ApiProblem problem) {
        response.status(problem.status());
        response.header(HeaderNames.CONTENT_TYPE, ApiProblem.MEDIA_TYPE);
        problem.fields().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        response.send(bytes(problem.document()));
    }

    /// A document and a line break behind it, for people who read it in a terminal.
    static byte[] bytes(JsonValue document) {
        return (document + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
