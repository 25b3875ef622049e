package io.selvage.server.observe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class NumberRingTest {

    private static List<Long> drained(NumberRing ring) {
        List<Long> drained = new ArrayList<>();
        ring.drain(row -> {
            assertEquals(-row[0], row[1]);
            drained.add(row[0]);
        });
        return drained;
    }

    @Test
    void numbersComeOutInOrder() {
        NumberRing ring = new NumberRing(8, 2);
        for (long round = 1; round < 100; round += 5) {
            for (long number = round; number < round + 5; number++) {
                assertTrue(ring.offer(number, -number));
            }
            assertEquals(LongStream.range(round, round + 5).boxed().toList(), drained(ring));
        }
        assertEquals(List.of(), drained(ring));
    }

    @Test
    void fullRingRejectsNumbers() {
        NumberRing ring = new NumberRing(4, 2);
        for (long number = 1; number <= 4; number++) {
            assertTrue(ring.offer(number, -number));
        }
        assertFalse(ring.offer(5, -5));
        assertEquals(List.of(1L, 2L, 3L, 4L), drained(ring));
        assertTrue(ring.offer(6, -6));
        assertEquals(List.of(6L), drained(ring));
    }

    @Test
    void negativeNumbersAreAccepted() {
        NumberRing ring = new NumberRing(4, 2);
        ring.offer(Long.MIN_VALUE, Long.MIN_VALUE);
        assertEquals(List.of(Long.MIN_VALUE), drained(ring));
    }

    @Test
    void manyProducersAndOneConsumerLoseNothing() throws InterruptedException {
        NumberRing ring = new NumberRing(64, 5);
        int threads = 4;
        int each = 100_000;
        CountDownLatch over = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            long base = (long) t << 32;
            Thread.ofPlatform().start(() -> {
                for (long i = 1; i <= each; i++) {
                    while (!ring.offer(base | i, i, -i, 2 * i, 3 * i)) {
                        Thread.onSpinWait();
                    }
                }
                over.countDown();
            });
        }
        long[] last = new long[threads];
        boolean[] inOrder = {true};
        while (LongStream.of(last).sum() < (long) threads * each) {
            ring.drain(row -> {
                int thread = (int) (row[0] >>> 32);
                long number = ++last[thread];
                inOrder[0] &= Arrays.equals(row,
                        new long[] {(long) thread << 32 | number, number, -number, 2 * number, 3 * number});
            });
        }
        over.await();
        assertTrue(inOrder[0]);
        assertEquals(List.of(), drained(ring));
    }
}
