package io.selvage.server.module;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Whitespace;
import java.util.Optional;

/// Header fields as variables name them: in lower case, with underscores for hyphens.
final class FieldValues {
    private FieldValues() {
    }

    /// All values of a field, joined as one list; cookies by semicolons.
    static Optional<String> joined(Headers headers, String name) {
        StringBuilder several = new StringBuilder();
        Optional<String> found = Optional.empty();
        for (int i = 0; i < headers.size(); i++) {
            if (isNamed(headers.name(i), name)) {
                if (found.isPresent()) {
                    several.append(several.isEmpty() ? found.get() : "").append(name.equals("cookie") ? "; " : ", ")
                            .append(headers.value(i));
                } else {
                    found = Optional.of(headers.value(i));
                }
            }
        }
        return several.isEmpty() ? found : Optional.of(several.toString());
    }

    /// The value of one cookie that the client sent, whatever the case of its name.
    static Optional<String> cookie(Headers headers, String name) {
        for (String field : headers.all("Cookie")) {
            for (String pair : field.split("[;,]")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && Whitespace.trim(pair.substring(0, equals)).equalsIgnoreCase(name)) {
                    return Optional.of(Whitespace.trim(pair.substring(equals + 1)));
                }
            }
        }
        return Optional.empty();
    }

    /// The value of one cookie that a peer sets.
    static Optional<String> setCookie(Headers headers, String name) {
        for (String field : headers.all("Set-Cookie")) {
            int end = field.indexOf(';');
            String pair = end < 0 ? field : field.substring(0, end);
            int equals = pair.indexOf('=');
            if (equals > 0 && Whitespace.trim(pair.substring(0, equals)).equalsIgnoreCase(name)) {
                return Optional.of(Whitespace.trim(pair.substring(equals + 1)));
            }
        }
        return Optional.empty();
    }

    private static boolean isNamed(String field, String name) {
        if (field.length() != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = field.charAt(i);
            char folded = c == '-' ? '_' : c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
            if (folded != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
