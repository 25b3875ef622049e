package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// The bytes allowed in a line of a head, at every position (RFC 9110 §5.5).
class HeadBytesTest {
    /// Two blocks of eight and a rest.
    private static final String LINE = "0123456789abcdefghi";

    private static String with(char c, int at) {
        return LINE.substring(0, at) + c + LINE.substring(at + 1);
    }

    @ParameterizedTest
    @ValueSource(chars = {'\r', '\n', '\0', '\u0100', '\u2028', '\uff0d'})
    void lineEndsAreFoundAtEveryPosition(char bad) {
        for (int at = 0; at < LINE.length(); at++) {
            String text = with(bad, at);
            Failure failure = assertThrows(Failure.class, () -> new HeadBytes().text(text));
            assertEquals(Failure.What.BUG, failure.what());
        }
    }

    @Test
    void otherBytesAreUnchanged() throws Failure {
        for (char c = 1; c <= 0xff; c++) {
            if (c != '\r' && c != '\n') {
                for (int at = 0; at < LINE.length(); at++) {
                    String text = with(c, at);
                    assertEquals(text, StandardCharsets.ISO_8859_1.decode(new HeadBytes().text(text).done()).toString());
                }
            }
        }
    }
}
