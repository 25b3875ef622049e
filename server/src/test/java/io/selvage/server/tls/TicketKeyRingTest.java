package io.selvage.server.tls;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TicketKeyRingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = Long.MAX_VALUE - 10 * SECOND;    // the clock overflows

    private final TicketKeyRing ring = new TicketKeyRing(Duration.ofSeconds(40), START);

    @Test
    void aKeyEncryptsForAQuarterOfTheTimeout() {
        TicketKey first = ring.changed(START).orElseThrow().getFirst();
        assertEquals(Optional.empty(), ring.changed(START + 10 * SECOND - 1));
        List<TicketKey> next = ring.changed(START + 10 * SECOND).orElseThrow();
        assertFalse(next.getFirst().equals(first));
        assertEquals(List.of(next.getFirst(), first), next);
    }

    @Test
    void aKeyDecryptsForTheTimeoutBehindThat() {
        TicketKey first = ring.changed(START).orElseThrow().getFirst();
        Set<TicketKey> seen = new HashSet<>();
        for (int i = 1; i <= 5; i++) {
            List<TicketKey> keys = ring.changed(START + i * 10 * SECOND).orElseThrow();
            assertTrue(keys.contains(first), "after " + i + " periods");
            seen.addAll(keys);
        }
        assertFalse(ring.changed(START + 60 * SECOND).orElseThrow().contains(first));
        assertEquals(6, seen.size());
    }

    @Test
    void keysThatNobodyUsedForLongAreForgotten() {
        ring.changed(START);
        assertEquals(1, ring.changed(START + 1000 * SECOND).orElseThrow().size());
    }
}
