package io.selvage.server.admin;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/// Checks documents against the schemas of an OpenAPI description, of which it knows the words that ours uses.
record DocumentSchema(JsonObject description) {
    private static final Set<String> KNOWN = Set.of("$ref", "type", "properties", "required", "additionalProperties", "items",
            "enum", "format", "description", "minimum", "maximum", "minLength", "maxLength", "oneOf", "default");

    /// @param at where the value is, for messages
    void check(JsonObject schema, JsonValue value, String at) {
        Set<String> unknown = new HashSet<>(schema.keySet());
        unknown.removeAll(KNOWN);
        assertEquals(Set.of(), unknown, at);
        if (schema.containsKey("$ref")) {
            String name = schema.getString("$ref").replace("#/components/schemas/", "");
            check(description.getJsonObject("components").getJsonObject("schemas").getJsonObject(name), value, at);
            return;
        }
        if (schema.containsKey("enum")) {
            assertTrue(schema.getJsonArray("enum").contains(value), at + ": " + value);
        }
        if (schema.containsKey("type") && !isNull(schema, value)) {
            checkType(schema, value, at);
        }
    }

    private static boolean isNull(JsonObject schema, JsonValue value) {
        return value == JsonValue.NULL && schema.get("type") instanceof JsonArray types
                && types.getValuesAs(JsonString.class).stream().anyMatch(type -> type.getString().equals("null"));
    }

    private void checkType(JsonObject schema, JsonValue value, String at) {
        String type = schema.get("type") instanceof JsonArray types ? types.getString(0) : schema.getString("type");
        switch (type) {
            case "object" -> checkObject(schema, value, at);
            case "array" -> {
                assertTrue(value instanceof JsonArray, at + ": " + value);
                value.asJsonArray().forEach(item -> check(schema.getJsonObject("items"), item, at + "[]"));
            }
            case "string" -> {
                assertTrue(value instanceof JsonString, at + ": " + value);
                if (schema.getString("format", "").equals("date-time")) {
                    Instant.parse(((JsonString) value).getString());
                }
            }
            case "integer" -> assertTrue(value instanceof JsonNumber number && number.isIntegral(), at + ": " + value);
            case "number" -> assertTrue(value instanceof JsonNumber, at + ": " + value);
            case "boolean" -> assertTrue(value.equals(JsonValue.TRUE) || value.equals(JsonValue.FALSE), at + ": " + value);
            default -> fail(at + " has an unknown type");
        }
    }

    private void checkObject(JsonObject schema, JsonValue value, String at) {
        assertTrue(value instanceof JsonObject, at + ": " + value);
        JsonObject properties = schema.containsKey("properties") ? schema.getJsonObject("properties")
                : JsonValue.EMPTY_JSON_OBJECT;
        if (schema.containsKey("required")) {
            schema.getJsonArray("required").getValuesAs(JsonString.class).forEach(name ->
                    assertTrue(value.asJsonObject().containsKey(name.getString()), at + " has no " + name));
        }
        value.asJsonObject().forEach((name, member) -> {
            if (properties.containsKey(name)) {
                check(properties.getJsonObject(name), member, at + "." + name);
            } else {
                assertTrue(schema.getBoolean("additionalProperties", true), at + "." + name + " is not described");
            }
        });
    }
}
