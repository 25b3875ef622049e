package io.selvage.server.http1;

import io.selvage.server.http.MinRate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RateFloorTest {
    private static final long SECOND = 1_000_000_000L;
    private static final MinRate LEAST = new MinRate(100, Duration.ofSeconds(30));

    /// The seconds after which a client is too slow that sends so many bytes in each of them.
    private static int secondsUntilTooSlow(int bytesPerSecond, int most) {
        RateFloor floor = new RateFloor(true);
        for (int second = 1; second <= most; second++) {
            if (floor.isBelow(LEAST, SECOND, bytesPerSecond)) {
                return second;
            }
        }
        return most;
    }

    @Test
    void graceIsUsedUpAtTheRateThatIsMissing() {
        assertEquals(31, secondsUntilTooSlow(0, 1000));
        assertEquals(34, secondsUntilTooSlow(10, 1000));
        assertEquals(61, secondsUntilTooSlow(50, 1000));
        assertEquals(100_000, secondsUntilTooSlow(100, 100_000));
    }

    @Test
    void clientThatWasFastMayPause() {
        RateFloor floor = new RateFloor(true);
        assertFalse(floor.isBelow(LEAST, SECOND, 100_000));
        assertFalse(floor.isBelow(LEAST, 1000 * SECOND, 1));
        assertTrue(floor.isBelow(LEAST, 30 * SECOND, 1));
    }

    @Test
    void bytesThatFillABufferSaveNothingUp() {
        RateFloor floor = new RateFloor(false);
        assertFalse(floor.isBelow(LEAST, 0, 4_000_000));
        assertFalse(floor.isBelow(LEAST, 29 * SECOND, 1));
        assertTrue(floor.isBelow(LEAST, 2 * SECOND, 1));
    }

    @Test
    void longPauseIsMadeUpForByTheBytesThatEndIt() {
        RateFloor floor = new RateFloor(false);
        assertFalse(floor.isBelow(LEAST, 59 * SECOND, 16_000));
        assertFalse(floor.isBelow(LEAST, 29 * SECOND, 1));
    }

    @Test
    void offIsNeverBelow() {
        assertFalse(new RateFloor(true).isBelow(MinRate.OFF, Long.MAX_VALUE, 0));
    }
}
