package io.selvage.server.http;

import io.selvage.server.fuzz.FuzzInput;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Regular expressions of the configuration. The input is the expression, then, on a line of its own, a text.
public final class RegexFuzz {
    /// Longer ones would slow the fuzzer down: a search may take two million steps.
    private static final int LONGEST_TEXT = 16;

    private RegexFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        String all = FuzzInput.latin1(input);
        int eol = all.indexOf('\n');
        String source = eol < 0 ? all : all.substring(0, eol);
        String text = eol < 0 ? "" : all.substring(eol + 1, Math.min(all.length(), eol + 1 + LONGEST_TEXT));
        try {
            check(new Regex(source, false), text);
            check(new Regex(source, true), text);
        } catch (UncheckedFailure e) {
            assertEquals(Failure.What.REFUSED, e.failure().what());
        } catch (PatternSyntaxException e) {
            assertTrue(e.getDescription().length() < 200 + source.length(), e.getDescription());
        }
        assertFound(text);
    }

    private static void check(Regex regex, String text) {
        assertEquals(regex, new Regex(regex.source(), regex.ignoreCase()));
        Optional<List<String>> groups = regex.groups(text);
        if (groups.isPresent()) {
            List<String> found = groups.get();
            assertTrue(text.contains(found.getFirst()));
            assertTrue(regex.names().size() < found.size());
            Exchange exchange = FakeClient.asks("GET / HTTP/1.1", "Host: a");
            assertTrue(regex.capture(text, exchange));
            assertEquals(found, exchange.routing().captures());
            regex.names().forEach(name ->
                    assertTrue(found.contains(exchange.routing().variable(name).orElseThrow()), name));
        }
    }

    /// Text whose special characters are escaped is found in itself.
    private static void assertFound(String text) {
        String escaped = text.replaceAll("[^A-Za-z0-9]", "\\\\$0");
        assertEquals(Optional.of(List.of(text)), new Regex("^" + escaped + "\\z", false).groups(text), escaped);
    }
}
