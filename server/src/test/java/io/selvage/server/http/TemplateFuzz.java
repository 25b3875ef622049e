package io.selvage.server.http;

import io.selvage.server.fuzz.FuzzInput;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// Text with variables. The input is the text.
public final class TemplateFuzz {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(?:\\{([1-9]|[A-Za-z0_][A-Za-z0-9_]*)}|([1-9]|[A-Za-z0_][A-Za-z0-9_]*))");
    private static final Exchange EXCHANGE = FakeClient.asks("GET / HTTP/1.1", "Host: a");

    private TemplateFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        String text = FuzzInput.latin1(input);
        Optional<Template> parsed = parse(text);
        boolean dollarLeft = REFERENCE.matcher(text).replaceAll("").indexOf('$') >= 0;
        assertEquals(!dollarLeft, parsed.isPresent(), text);
        parsed.ifPresent(template -> check(text, template));
        assertEquals(text, Template.literal(text).apply(EXCHANGE));
    }

    private static void check(String text, Template template) {
        assertEquals(REFERENCE.matcher(text).replaceAll(TemplateFuzz::value), template.apply(EXCHANGE));
        assertEquals(text.indexOf('$') < 0, template.isLiteral());
        assertEquals(text.isEmpty(), template.isEmpty());
        assertEquals(Optional.of(template), parse(template.toString()));
        assertEquals(template, template.withStart(template.start()));
        for (Template.Part part : template.parts()) {
            assertFalse(part instanceof Template.Literal(String piece) && piece.isEmpty());
        }
    }

    private static Optional<Template> parse(String text) {
        return Template.parse(text, (name, _) -> _ -> Optional.of("<" + name + ">"));
    }

    private static String value(MatchResult reference) {
        return "<" + (reference.group(1) == null ? reference.group(2) : reference.group(1)) + ">";
    }
}
