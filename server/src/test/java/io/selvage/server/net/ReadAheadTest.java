package io.selvage.server.net;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReadAheadTest {
    private final ReadAhead ahead = new ReadAhead();

    @Test
    void readsAheadWhileReadsFindBytes() {
        for (int i = 0; i < 10; i++) {
            assertTrue(ahead.isWorthTrying());
            ahead.tried(true);
        }
    }

    @Test
    void pausesAfterAnEmptyRead() {
        assertTrue(ahead.isWorthTrying());
        ahead.tried(false);
        int waits = 0;
        while (!ahead.isWorthTrying()) {
            waits++;
        }
        assertEquals(15, waits);
    }

    @Test
    void stopsAfterALongSeriesOfHits() {
        int hits = 0;
        while (ahead.isWorthTrying()) {
            ahead.tried(true);
            hits++;
        }
        assertEquals(16, hits);
        assertTrue(ahead.isWorthTrying());
        ahead.tried(false);
        assertFalse(ahead.isWorthTrying());
    }
}
