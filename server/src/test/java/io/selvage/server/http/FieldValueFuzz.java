package io.selvage.server.http;

import io.selvage.server.fuzz.FuzzInput;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Values of fields that are taken apart: hosts, dates, lists of tokens, tags. The input is fields, one `name: value` a line.
public final class FieldValueFuzz {
    private static final long NOW = 1_800_000_000;
    private static final String TAG = "\"abc\"";
    private static final String CHANGED = "Sun, 06 Nov 1994 08:49:37 GMT";

    private FieldValueFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        Headers fields = FuzzInput.fields(FuzzInput.lines(input));
        for (int i = 0; i < fields.size(); i++) {
            String value = fields.value(i);
            authority(value);
            date(value);
            tokens(fields, fields.name(i));
        }
        conditions(fields);
        edited(fields);
    }

    private static void authority(String value) {
        Optional<Authority> parsed = Authority.parse(value);
        parsed.ifPresent(authority -> {
            String host = authority.host();
            assertFalse(host.isEmpty() || host.endsWith(".") || host.contains("..") || host.contains("/"), host);
            assertEquals(host.toLowerCase(Locale.ROOT), host);
            assertTrue(host.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '@' && c != '#' && c != '?'), host);
            assertTrue(authority.port() >= 0 && authority.port() <= 65535);
            assertEquals(parsed, Authority.parse(authority.port() == 0 ? host : host + ":" + authority.port()));
        });
    }

    private static void date(String value) {
        OptionalLong seconds = HttpDate.parse(value, NOW);
        seconds.ifPresent(when -> assertEquals(seconds, HttpDate.parse(HttpDate.format(when), NOW), value));
    }

    /// The members of a list, separated by commas, with spaces and tabs around them (RFC 9110 §5.6.1).
    private static void tokens(Headers fields, String name) {
        Set<String> expected = fields.all(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(member -> member.replaceAll("^[ \t]+|[ \t]+$", "").toLowerCase(Locale.ROOT))
                .filter(member -> !member.isEmpty())
                .collect(Collectors.toSet());
        assertEquals(expected, fields.tokens(name));
    }

    /// Conditions judge what is there: an unconditional request is served, and a tag that is listed alone decides.
    private static void conditions(Headers fields) {
        for (Conditions.Since since : Conditions.Since.values()) {
            Conditions.Verdict verdict = new Conditions(fields, TAG, CHANGED, NOW).verdict(since);
            boolean failing = fields.contains("If-Match") || fields.contains("If-Unmodified-Since");
            boolean matching = fields.contains("If-None-Match") || fields.contains("If-Modified-Since");
            assertTrue(verdict != Conditions.Verdict.FAILED || failing);
            assertTrue(verdict != Conditions.Verdict.NOT_MODIFIED || matching);
            new Conditions(fields, "", "", NOW).verdict(since);
            new Conditions(fields, "W/" + TAG, CHANGED, NOW).verdict(since);
        }
        assertTrue(new Conditions(fields, TAG, CHANGED, NOW).rangeHolds() || fields.contains("If-Range"));
        assertEquals(Conditions.Verdict.NOT_MODIFIED, new Conditions(
                fields.without("If-Match").without("If-Unmodified-Since").replacing("If-None-Match", TAG), TAG, CHANGED, NOW)
                .verdict(Conditions.Since.EXACT));
    }

    /// What is put into fields, and taken out of them, by any spelling of the name.
    private static void edited(Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            assertEquals(Optional.of(fields.all(name).getFirst()), fields.first(name));
            assertEquals(fields.all(name), fields.all(upper(name)));
            assertFalse(fields.without(upper(name)).contains(name));
            assertEquals(fields.size() - fields.all(name).size(), fields.without(name).size());
            assertEquals(List.of("new"), fields.replacing(name, "new").all(name));
            assertTrue(FieldNameSet.of(List.of(name, "other")).contains(upper(name)));
        }
    }

    /// In capitals where they are ASCII.
    private static String upper(String name) {
        return name.chars().mapToObj(c -> String.valueOf((char) (c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c)))
                .collect(Collectors.joining());
    }
}
