package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

class ReceiveBufferTest {
    private final ReceiveBuffer buffer = new ReceiveBuffer();

    private void put(String text) {
        buffer.put(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
    }

    private String take(int room) {
        ByteBuffer into = ByteBuffer.allocate(room);
        assertEquals(Math.min(room, buffer.size()), buffer.take(into));
        return ISO_8859_1.decode(into.flip()).toString();
    }

    @Test
    void anEmptyOneGivesNothing() {
        assertEquals("", take(10));
        put("");
        assertEquals("", take(10));
        assertEquals(0, buffer.clear());
    }

    @Test
    void bytesAreTakenInTheirOrderAsFarAsTheyFit() {
        put("abc");
        put("def");
        assertEquals("abcd", take(4));
        assertEquals(2, buffer.size());
        assertEquals("ef", take(4));
        assertEquals(0, buffer.size());
    }

    @Test
    void bytesGoAroundTheEndOfTheRing() {
        put("x".repeat(1000));
        assertEquals("x".repeat(990), take(990));
        put("a".repeat(20) + "b".repeat(20));
        assertEquals("x".repeat(10) + "a".repeat(20) + "b".repeat(20), take(2000));
    }

    @Test
    void aRingThatGrowsKeepsItsOrder() {
        put("x".repeat(1000));
        assertEquals("x".repeat(990), take(990));
        put("a".repeat(30));
        put("b".repeat(3000));
        assertEquals("x".repeat(10) + "a".repeat(30) + "b".repeat(3000), take(4000));
    }

    @Test
    void clearForgetsAndTellsHowMuch() {
        put("abc");
        assertEquals(3, buffer.clear());
        put("d");
        assertEquals("d", take(10));
    }

    @Test
    void whatIsTakenIsWhatWasPut() {
        Random random = new Random(1);
        StringBuilder in = new StringBuilder();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            String piece = Character.toString('a' + i % 26).repeat(random.nextInt(300));
            put(piece);
            in.append(piece);
            out.append(take(random.nextInt(320)));
        }
        out.append(take(buffer.size()));
        assertEquals(in.toString(), out.toString());
    }
}
