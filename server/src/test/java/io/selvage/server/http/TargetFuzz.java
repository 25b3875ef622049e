package io.selvage.server.http;

import io.selvage.server.fuzz.FuzzInput;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Request targets. The input is what stands between the spaces of a request line.
public final class TargetFuzz {
    private TargetFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        check(FuzzInput.latin1(input), true);
        check(FuzzInput.latin1(input), false);
    }

    private static void check(String raw, boolean mergeSlashes) {
        switch (Targets.parse(raw, mergeSlashes)) {
            case Targets.Reading.Refused(Refusal why) -> assertEquals(Status.BAD_REQUEST, why.status());
            case Targets.Reading.Valid(Target target) -> check(raw, target, mergeSlashes);
        }
    }

    private static void check(String raw, Target target, boolean mergeSlashes) {
        assertTrue(raw.chars().allMatch(c -> c > ' ' && c != 0x7f && c != '#'), raw);
        if (target.form() == Target.Form.ASTERISK) {
            assertEquals(new Target(Target.Form.ASTERISK, "*", "*", "", ""), target);
            return;
        }
        String path = target.path();
        assertTrue(path.startsWith("/"), path);
        assertFalse((path + "/").contains("/../") || (path + "/").contains("/./"), path);
        assertFalse(mergeSlashes && path.contains("//"), path);
        assertFalse(path.indexOf('\0') >= 0, path);
        assertEquals(target.form() == Target.Form.ABSOLUTE, !target.authority().isEmpty());
        assertTrue(target.authority().isEmpty() || Authority.parse(target.authority()).isPresent());
        String own = target.form() == Target.Form.ORIGIN ? raw
                : raw.substring(raw.indexOf("://") + 3 + target.authority().length());
        int mark = own.indexOf('?');
        String written = mark < 0 ? own : own.substring(0, mark);
        assertEquals(mark < 0 ? "" : own.substring(mark + 1), target.query());
        assertEquals(Optional.of(path), normal(written.startsWith("/") ? written : "/" + written, mergeSlashes));
        assertSurvivesEncoding(path, mergeSlashes);
    }

    /// A path that is encoded for a peer must be read as the same path there.
    private static void assertSurvivesEncoding(String path, boolean mergeSlashes) {
        String encoded = UriBytes.encode(path);
        assertTrue(encoded.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '?' && c != '#'), encoded);
        var again = assertInstanceOf(Targets.Reading.Valid.class, Targets.parse(encoded, mergeSlashes), encoded);
        assertEquals(path, again.target().path());
    }

    /// The path by RFC 3986: decoded, then taken apart into segments. Empty where it leaves the root or cannot be decoded.
    private static Optional<String> normal(String written, boolean mergeSlashes) {
        List<String> kept = new ArrayList<>();
        String[] segments = decoded(written).split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> kept.addAll(last ? List.of("") : List.of());
                case ".." -> {
                    if (kept.isEmpty()) {
                        return Optional.empty();
                    }
                    kept.removeLast();
                    kept.addAll(last ? List.of("") : List.of());
                }
                case "" -> kept.addAll(mergeSlashes && !last ? List.of() : List.of(""));
                default -> kept.add(segments[i]);
            }
        }
        return Optional.of("/" + String.join("/", kept));
    }

    private static String decoded(String written) {
        var text = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            boolean escape = written.charAt(i) == '%';
            text.append(escape ? (char) HexFormat.fromHexDigits(written, i + 1, i + 3) : written.charAt(i));
            i += escape ? 2 : 0;
        }
        return text.toString();
    }
}
