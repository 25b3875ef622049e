package io.selvage.server.observe;

import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class EscapeTest {

    private static String escaped(Escape escape, String value) {
        StringBuilder line = new StringBuilder();
        escape.append(Optional.of(value), line);
        return line.toString();
    }

    @Test
    void inputCannotEndALineOrAQuote() {
        assertEquals("a b~", escaped(Escape.DEFAULT, "a b~"));
        assertEquals("\\x22\\x5C\\x0D\\x0A\\x1B[2J\\x7F\\x00\\xFF", escaped(Escape.DEFAULT, "\"\\\r\n\u001b[2J\u007f\0\u00ff"));
    }

    @Test
    void jsonRemainsValid() {
        assertEquals(
                "\\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u001Fa/\u00ff\u007f",
                escaped(Escape.JSON, "\"\\\n\r\t\b\f\0\u001fa/\u00ff\u007f"));
    }

    @Test
    void escapeNoneKeepsTheText() {
        assertEquals("\"\\\n\u00ff", escaped(Escape.NONE, "\"\\\n\u00ff"));
    }

    @Test
    void missingValueIsAHyphenByDefault() {
        StringBuilder line = new StringBuilder();
        for (Escape escape : Escape.values()) {
            escape.append(Optional.empty(), line.append(escape).append('='));
            escape.append(Optional.of(""), line.append(','));
        }
        assertEquals("DEFAULT=-,JSON=,NONE=,", line.toString());
    }
}
