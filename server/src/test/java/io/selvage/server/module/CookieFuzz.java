package io.selvage.server.module;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http.Headers;
import java.util.Optional;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Cookies and fields as variables name them. The input is fields, one `name: value` a line.
public final class CookieFuzz {
    private CookieFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        Headers fields = FuzzInput.fields(FuzzInput.lines(input));
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.value(i);
            int equals = value.indexOf('=');
            String name = equals < 0 ? "a" : value.substring(0, equals);
            FieldValues.cookie(fields, name).ifPresent(found -> assertPlain(found, fields.all("Cookie")));
            FieldValues.setCookie(fields, name).ifPresent(found -> assertPlain(found, fields.all("Set-Cookie")));
            joined(fields, fields.name(i));
        }
        alone(FuzzInput.latin1(input));
    }

    private static void assertPlain(String found, Iterable<String> values) {
        assertFalse(found.indexOf(';') >= 0 || found.startsWith(" "), found);
        assertTrue(String.join("\n", values).contains(found), found);
    }

    private static void joined(Headers fields, String name) {
        String variable = name.chars().map(c -> c == '-' ? '_' : c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)
                .mapToObj(Character::toString).collect(Collectors.joining());
        Optional<String> joined = FieldValues.joined(fields, variable);
        fields.all(name).forEach(value -> assertTrue(joined.orElseThrow().contains(value)));
    }

    /// A cookie between two others has its own value.
    private static void alone(String text) {
        String value = text.replaceAll("[;,\r\n]", "").strip();
        Headers request = Headers.of("Cookie", "a=1; key=" + value + "; b=2");
        assertEquals(Optional.of(value), FieldValues.cookie(request, "key"));
        assertEquals(Optional.of("2"), FieldValues.cookie(request, "B"));
        assertEquals(Optional.of(value), FieldValues.setCookie(Headers.of("Set-Cookie", "key=" + value + "; Path=/"), "KEY"));
    }
}
