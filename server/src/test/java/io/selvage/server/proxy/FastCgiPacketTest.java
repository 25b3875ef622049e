package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class FastCgiPacketTest {
    private static final String BEGIN = "0101000100080000" + "0001000000000000";
    private static final String KEEP = "0101000100080000" + "0001010000000000";
    private static final String END_OF_PARAMS = "0104000100000000";
    private static final String END_OF_STDIN = "0105000100000000";

    private static FastCgiPacket packet(String name, String value) {
        FastCgiPacket packet = new FastCgiPacket();
        packet.add(name.getBytes(StandardCharsets.ISO_8859_1), value);
        return packet;
    }

    private static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes.array(), bytes.position(), bytes.limit());
    }

    @Test
    void variablesStandBehindTheBeginOfTheRequest() throws Failure {
        String params = "0104000100050000" + "0102" + "41" + "6263" + END_OF_PARAMS;
        assertEquals(BEGIN + params, hex(packet("A", "bc").encoded(false, false)));
        assertEquals(KEEP + params + END_OF_STDIN, hex(packet("A", "bc").encoded(true, true)));
    }

    @Test
    void lengthsFrom128HaveFourBytes() throws Failure {
        assertEquals(BEGIN + "0104000100820000" + "017f" + "41" + "62".repeat(127) + END_OF_PARAMS,
                hex(packet("A", "b".repeat(127)).encoded(false, false)));
        assertEquals(BEGIN + "0104000100860000" + "0180000080" + "41" + "62".repeat(128) + END_OF_PARAMS,
                hex(packet("A", "b".repeat(128)).encoded(false, false)));
    }

    @Test
    void moreThanARecordHoldsIsSplit() throws Failure {
        int value = 0xfff8 + 10 - 6;
        String all = hex(packet("A", "b".repeat(value)).encoded(false, true));
        assertEquals(BEGIN + "01040001fff80000", all.substring(0, 48));
        assertEquals("01040001000a0000" + "62".repeat(10) + END_OF_PARAMS + END_OF_STDIN,
                all.substring(48 + 2 * 0xfff8));
    }

    @Test
    void sizeIsBounded() {
        Failure failure = assertThrows(Failure.class, () -> packet("A", "b".repeat(1 << 20)).encoded(false, true));
        assertEquals("the FastCGI variables take 1048582 bytes, at most 1048576 are sent", failure.detail());
    }
}
