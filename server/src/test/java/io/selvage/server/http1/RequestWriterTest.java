package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Failure.What;
import io.selvage.server.http.Method;
import io.selvage.server.http.Version;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// Requests that must not be sent.
class RequestWriterTest {
    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\0b", "a\rb", "\u010a", "\u010d"})
    void lineEndsInValuesAreNotSent(String text) {
        assertEquals(What.BUG, unsafe("/", "X", text));
        assertEquals(What.BUG, assertThrows(Failure.class, () -> head("/").field(new PreparedName("X"), text)).what());
        assertEquals(What.BUG, unsafe("/", text, "x"));
        assertEquals(What.BUG, unsafe("/" + text, "X", "x"));
    }

    @Test
    void targetWithASpaceIsNotSent() {
        assertEquals(What.BUG, unsafe("/a b", "X", "x"));
        assertEquals(What.BUG, unsafe("", "X", "x"));
    }

    @Test
    void preparedNameIsAToken() throws Failure {
        RequestWriter head = head("/");
        head.field(new PreparedName("X-Real-IP"), "192.0.2.1");
        assertEquals("GET / HTTP/1.1\r\nX-Real-IP: 192.0.2.1\r\n\r\n",
                StandardCharsets.ISO_8859_1.decode(head.end(Framing.NONE)).toString());
        assertThrows(IllegalArgumentException.class, () -> new PreparedName("X Real"));
        assertThrows(IllegalArgumentException.class, () -> new PreparedName(""));
    }

    private static What unsafe(String target, String name, String value) {
        return assertThrows(Failure.class, () -> head(target).field(name, value)).what();
    }

    private static RequestWriter head(String target) throws Failure {
        return new RequestWriter(Method.GET, target, Version.HTTP_1_1, 0);
    }
}
