package io.selvage.server.proxy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LoopDetectionTest {
    private static final LoopDetection OURS = new LoopDetection("selvage-1");

    private final FakeClient client = new FakeClient();

    @Test
    void markIsAppendedToMarksOfOthers() {
        assertEquals("selvage-1", OURS.marked(client.asks("GET", "/")));
        assertEquals("cdn.example; a=b, other, selvage-1",
                OURS.marked(client.asks("GET", "/", "CDN-Loop", "cdn.example; a=b", "CDN-Loop", "other")));
        assertEquals("", LoopDetection.NONE.marked(client.asks("GET", "/", "CDN-Loop", "other")));
    }

    @Test
    void onlyOwnMarkIsCounted() {
        assertTrue(OURS.isLoop(client.asks("GET", "/", "CDN-Loop", "selvage-1 ,".repeat(10) + "other")));
        assertFalse(OURS.isLoop(client.asks("GET", "/", "CDN-Loop", "selvage-1,".repeat(9)
                + "selvage-11,selvage-1;a,\fselvage-1")));
        assertFalse(OURS.isLoop(client.asks("GET", "/", "CDN-Loop", ",".repeat(100))));
        assertFalse(LoopDetection.NONE.isLoop(client.asks("GET", "/", "CDN-Loop", ",".repeat(100))));
    }

    @Test
    void namesAreRandom() {
        var random = new SplittableRandom(1);
        assertNotEquals(LoopDetection.withRandomName(random), LoopDetection.withRandomName(random));
        assertTrue(LoopDetection.withRandomName(random).name().matches("selvage-[0-9a-f]{8}"));
    }
}
