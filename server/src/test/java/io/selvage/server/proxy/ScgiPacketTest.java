package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ScgiPacketTest {

    private static ScgiPacket packet(String value) {
        ScgiPacket packet = new ScgiPacket();
        packet.add("CONTENT_LENGTH".getBytes(StandardCharsets.ISO_8859_1), "0");
        packet.addField("x-Name", value);
        return packet;
    }

    @Test
    void variablesAreANetstring() throws Failure {
        ByteBuffer encoded = packet("é").encoded();
        assertEquals("31:CONTENT_LENGTH\u00000\0HTTP_X_NAME\0é\0,",
                StandardCharsets.ISO_8859_1.decode(encoded).toString());
    }

    @Test
    void valueThatWouldEndEarlyIsRefused() {
        assertEquals("a variable for SCGI contains NUL",
                assertThrows(Failure.class, () -> packet("a\0SCGI").encoded()).detail());
    }

    @Test
    void sizeIsBounded() throws Failure {
        assertEquals(8 + 9_999_999 + 1, packet("x".repeat(9_999_999 - 30)).encoded().remaining());
        Failure failure = assertThrows(Failure.class, () -> packet("x".repeat(9_999_999 - 29)).encoded());
        assertEquals("the SCGI variables take 10000000 bytes, at most 9999999 are sent", failure.detail());
    }
}
