package io.selvage.server.admin;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// Why a request to the admin API is refused, as the client gets it: problem details (RFC 9457).
final class ApiProblem extends RuntimeException {
    static final String MEDIA_TYPE = "application/problem+json";
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient Map<String, JsonValue> members = new LinkedHashMap<>();
    private final transient Map<String, String> fields = new LinkedHashMap<>();

    /// @param title the kind of problem, in a few words
    /// @param detail what is wrong with this request
    ApiProblem(int status, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
    }

    static ApiProblem notFound(String detail) {
        return new ApiProblem(404, "Not Found", detail);
    }

    static ApiProblem badRequest(String detail) {
        return new ApiProblem(400, "Bad Request", detail);
    }

    /// The server has not started yet.
    static ApiProblem starting() {
        return new ApiProblem(503, "Not Ready", "the server is starting").withField("Retry-After", "1");
    }

    /// Adds a member to the document.
    ApiProblem with(String name, JsonValue value) {
        members.put(name, value);
        return this;
    }

    /// Adds a header field to the answer.
    ApiProblem withField(String name, String value) {
        fields.put(name, value);
        return this;
    }

    int status() {
        return status;
    }

    /// The header fields of the answer, besides those of every answer.
    Map<String, String> fields() {
        return fields;
    }

    JsonObject document() {
        JsonObjectBuilder document = JSON.createObjectBuilder()
                .add("title", title)
                .add("status", status)
                .add("detail", String.valueOf(getMessage()));
        members.forEach(document::add);
        return document.build();
    }
}
