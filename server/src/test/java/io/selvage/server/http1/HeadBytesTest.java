package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class HeadBytesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a\r", "a\nSet-Cookie: x", "\0", "\u010d", "\u4e0a", "a?\u0100?"})
    void whatCouldEndALineOrIsNoByteIsABug(String value) {
        Failure failure = assertThrows(Failure.class, () -> new HeadBytes().field("X", value));
        assertEquals(Failure.What.BUG, failure.what());
    }

    @Test
    void everyOtherByteGoesOutAsItIs() throws Failure {
        StringBuilder value = new StringBuilder("?");
        for (char c = 1; c < 256; c++) {
            if (c != '\r' && c != '\n') {
                value.append(c);
            }
        }
        byte[] lines = new HeadBytes(8).fields(Headers.of("X", value.toString())).lines();
        assertEquals("X: " + value + "\r\n\r\n", new String(lines, StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 10, 99, 100, 1024, 999_999_999_999L, Long.MAX_VALUE})
    void numbersAreDecimal(long number) {
        assertEquals(Long.toString(number), new String(new HeadBytes(1).number(number).lines(), StandardCharsets.ISO_8859_1));
    }
}
