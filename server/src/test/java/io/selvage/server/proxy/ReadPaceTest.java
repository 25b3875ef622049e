package io.selvage.server.proxy;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ReadPaceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ReadPace PACE = new ReadPace(100, 5 * SECOND);

    @Test
    void secondsWorthIsAllowedAtOnceAndTheRestAsTimePasses() {
        assertEquals(100, PACE.allowed(0, 5 * SECOND));
        assertEquals(0, PACE.allowed(100, 5 * SECOND));
        assertEquals(50, PACE.allowed(100, 5 * SECOND + SECOND / 2));
        assertEquals(1000, PACE.allowed(100, 15 * SECOND));
    }

    @Test
    void restEndsWhenTheNextByteIsAllowed() {
        assertEquals(0, PACE.restNanos(99, 5 * SECOND));
        assertEquals(SECOND / 100, PACE.restNanos(100, 5 * SECOND));
        assertEquals(SECOND, PACE.restNanos(199, 5 * SECOND));
    }
}
