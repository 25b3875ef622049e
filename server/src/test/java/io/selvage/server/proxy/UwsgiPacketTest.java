package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class UwsgiPacketTest {

    @Test
    void sizesAreLittleEndianAndPrecedeStrings() throws Failure {
        UwsgiPacket packet = new UwsgiPacket();
        packet.add(bytes("A"), "bc");
        packet.add(bytes("D"), "");
        assertEquals("05" + "0c00" + "06" + "0100" + "41" + "0200" + "6263" + "0100" + "44" + "0000", hex(packet, 5, 6));
    }

    @Test
    void bytesAboveAsciiAreUnchanged() throws Failure {
        UwsgiPacket packet = new UwsgiPacket();
        packet.add(bytes("P"), "\u00e9");
        assertEquals("00" + "0600" + "00" + "0100" + "50" + "0100" + "e9", hex(packet, 0, 0));
    }

    @Test
    void packetSizeIsBounded() throws Failure {
        UwsgiPacket largest = new UwsgiPacket();
        largest.add(bytes("N"), "x".repeat(65535 - 5));
        assertEquals(4 + 65535, largest.encoded(0, 0).remaining());

        UwsgiPacket larger = new UwsgiPacket();
        larger.add(bytes("N"), "x".repeat(65535 - 4));
        Failure failure = assertThrows(Failure.class, () -> larger.encoded(0, 0));
        assertEquals(500, failure.status().code());
        assertEquals("the uwsgi variables take 65536 bytes, the protocol allows 65535; is a header field or the URI too long?",
                failure.detail());
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String hex(UwsgiPacket packet, int modifier1, int modifier2) throws Failure {
        ByteBuffer encoded = packet.encoded(modifier1, modifier2);
        return HexFormat.of().formatHex(encoded.array(), 0, encoded.remaining());
    }
}
