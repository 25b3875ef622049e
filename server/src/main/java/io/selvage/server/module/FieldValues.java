package io.selvage.server.module;

import io.selvage.server.http.Headers;
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

    /// The value of one cookie that the client sent, whatever the case of its name. It ends before a semicolon. As in nginx, only
    /// spaces around the equals sign and before the name are left out, and no other white space.
    static Optional<String> cookie(Headers headers, String name) {
        for (String field : headers.all("Cookie")) {
            for (int at = 0; at < field.length(); at = nextCookie(field, at)) {
                Optional<String> value = cookieAt(field, at, name);
                if (value.isPresent()) {
                    return value;
                }
            }
        }
        return Optional.empty();
    }

    /// The value of one cookie that a peer sets.
    static Optional<String> setCookie(Headers headers, String name) {
        return headers.all("Set-Cookie").stream().flatMap(field -> cookieAt(field, 0, name).stream()).findFirst();
    }

    private static int nextCookie(String field, int from) {
        int at = from;
        while (at < field.length() && field.charAt(at) != ';' && field.charAt(at) != ',') {
            at++;
        }
        return afterSpaces(field, at + 1);
    }

    private static Optional<String> cookieAt(String field, int from, String name) {
        int equals = afterSpaces(field, from + name.length());
        if (!field.regionMatches(true, from, name, 0, name.length()) || equals >= field.length() || field.charAt(equals) != '=') {
            return Optional.empty();
        }
        int end = field.indexOf(';', equals);
        int value = afterSpaces(field, equals + 1);
        return Optional.of(field.substring(end < 0 ? value : Math.min(value, end), end < 0 ? field.length() : end));
    }

    private static int afterSpaces(String field, int from) {
        int at = from;
        while (at < field.length() && field.charAt(at) == ' ') {
            at++;
        }
        return at;
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
