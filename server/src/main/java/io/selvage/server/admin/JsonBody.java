package io.selvage.server.admin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// The JSON object of a request. Its members are read one by one; [#check] then refuses everything that is wrong with them, and
/// those that no handler has read. Belongs to one request.
final class JsonBody {
    private static final JsonReaderFactory READERS =
            JSON.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
    private static final int MOST_BYTES = 64 << 10;
    private static final String INTEGER = "[1-9][0-9]{0,8}";

    private final JsonObject object;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    /// @param pointer names the member (RFC 6901)
    private record Problem(String pointer, String detail) {
    }

    private JsonBody(JsonObject object) {
        this.object = object;
    }

    /// @throws ApiProblem for another content type, for text that is no JSON, and for JSON that is no object
    static JsonBody read(ServerRequest request) {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        if (!type.matches("(?i)application/(merge-patch\\+)?json( *;.*)?")) {
            throw new ApiProblem(415, "Unsupported Media Type", "the content type must be application/json")
                    .withField("Accept", "application/json");
        }
        if (parsed(text(request)) instanceof JsonObject object) {
            return new JsonBody(object);
        }
        throw ApiProblem.badRequest("the body must be a JSON object");
    }

    private static String text(ServerRequest request) {
        byte[] bytes = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
        if (bytes.length > MOST_BYTES) {
            throw new ApiProblem(413, "Content Too Large", "the body is longer than " + MOST_BYTES + " bytes");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw ApiProblem.badRequest("the body is no valid JSON: it is not in UTF-8");
        }
    }

    private static JsonValue parsed(String text) {
        try (JsonReader reader = READERS.createReader(new StringReader(text));
                JsonParser all = JSON.createParser(new StringReader(text))) {
            JsonValue value = reader.readValue();
            while (all.hasNext()) {                        // finds what is behind the value
                all.next();
            }
            return value;
        } catch (JsonException | IllegalStateException e) {
            throw ApiProblem.badRequest("the body is no valid JSON: " + e.getMessage());
        }
    }

    /// Whether the object has a member, be it null.
    boolean has(String name) {
        known.add(name);
        return object.containsKey(name);
    }

    /// A member that is a string; empty without it, and for null.
    Optional<String> text(String name) {
        return member(name).flatMap(value -> {
            if (value instanceof JsonString string) {
                return Optional.of(string.getString());
            }
            refuse(name, "must be a string");
            return Optional.empty();
        });
    }

    /// A member that is one of some words; empty without it, and for null.
    Optional<String> choice(String name, List<String> choices) {
        return text(name).filter(text -> {
            if (!choices.contains(text)) {
                refuse(name, "must be one of " + String.join(", ", choices));
            }
            return choices.contains(text);
        });
    }

    /// A member that is an integer; empty without it, and for null.
    OptionalInt integer(String name, int least, int most) {
        Optional<JsonValue> value = member(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        boolean whole = value.get() instanceof JsonNumber number && (number.toString().matches(INTEGER)
                || number.toString().equals("0"));
        int number = whole ? ((JsonNumber) value.get()).intValue() : least - 1;
        if (number < least || number > most) {
            refuse(name, "must be an integer from " + least + " to " + most);
            return OptionalInt.empty();
        }
        return OptionalInt.of(number);
    }

    /// A member that is true or false; false without it, and for null.
    boolean flag(String name) {
        Optional<JsonValue> value = member(name);
        if (value.isPresent() && value.get() != JsonValue.TRUE && value.get() != JsonValue.FALSE) {
            refuse(name, "must be true or false");
        }
        return value.isPresent() && value.get() == JsonValue.TRUE;
    }

    private Optional<JsonValue> member(String name) {
        known.add(name);
        return Optional.ofNullable(object.get(name)).filter(value -> value != JsonValue.NULL);
    }

    /// Reports what is wrong with a member.
    void refuse(String name, String detail) {
        problems.add(new Problem("/" + name, detail));
    }

    /// @throws ApiProblem if anything was reported, or a member is unknown
    void check() {
        object.keySet().stream().filter(name -> !known.contains(name))
                .forEach(name -> refuse(name.replace("~", "~0").replace("/", "~1"), "is not known; there are "
                        + String.join(", ", known)));
        if (!problems.isEmpty()) {
            JsonArrayBuilder errors = JSON.createArrayBuilder();
            problems.forEach(problem -> errors.add(JSON.createObjectBuilder()
                    .add("pointer", problem.pointer).add("detail", problem.detail)));
            throw new ApiProblem(422, "Unprocessable Content", problems.getFirst().pointer.substring(1) + " "
                    + problems.getFirst().detail).with("errors", errors.build());
        }
    }

    /// The object as it was sent.
    @Override
    public String toString() {
        return object.toString();
    }
}
