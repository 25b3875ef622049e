package io.selvage.server.http;

import java.util.List;
import java.util.Map;

/// Writes an explanation as JSON.
final class ExplanationJson {
    private ExplanationJson() {
    }

    static void write(Explanation one, Map<String, Object> values, List<Explanation> parts, StringBuilder json) {
        json.append("{\"kind\":");
        string(one.kind(), json);
        json.append(",\"name\":");
        string(one.name(), json);
        json.append(",\"text\":");
        string(one.text(), json);
        values.forEach((key, value) -> {
            json.append(',');
            string(key, json);
            json.append(':');
            if (value instanceof String text) {
                string(text, json);
            } else {
                json.append(value);
            }
        });
        json.append(",\"parts\":[");
        for (int i = 0; i < parts.size(); i++) {
            json.append(i == 0 ? "" : ",").append(parts.get(i).toJson());
        }
        json.append("]}");
    }

    /// A string of ASCII characters, so that it survives in any encoding.
    private static void string(String text, StringBuilder json) {
        json.append('"');
        String shown = ReadableText.decoded(text);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || c >= 0x7f) {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
