package io.selvage.server.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class StripesTest {
    private int place;
    private final Stripes<long[]> stripes = new Stripes<>(new Stripes.Places(2, () -> place), () -> new long[1]);

    @Test
    void placeHasAStripeOfItsOwn() {
        for (int i = 0; i < 8; i++) {
            place = i;
            int claimed = stripes.claim();
            assertEquals(i % 4, claimed);
            stripes.release(claimed);
        }
        place = -1;
        assertEquals(3, stripes.claim());
    }

    @Test
    void claimedStripeIsAvoided() {
        Set<Integer> claimed = Set.of(stripes.claim(), stripes.claim(), stripes.claim(), stripes.claim());
        assertEquals(Set.of(0, 1, 2, 3), claimed);
        assertEquals(-1, stripes.claim());
        stripes.release(2);
        assertEquals(2, stripes.claim());
    }

    @Test
    void thereAreMoreStripesThanPlaces() {
        for (int places = 1; places <= 65; places++) {
            AtomicInteger count = new AtomicInteger();
            new Stripes<>(new Stripes.Places(places, () -> 0), count::incrementAndGet);
            assertTrue(count.get() > places, "for " + places);
        }
    }

    @Test
    void readerFindsTheCountersOfAllStripes() {
        for (int i = 0; i < 4; i++) {
            place = i;
            int claimed = stripes.claim();
            stripes.get(claimed)[0] = 1L << i;
            stripes.release(claimed);
        }
        List<Long> read = new ArrayList<>();
        stripes.forEach(counter -> read.add(counter[0]));
        assertEquals(List.of(1L, 2L, 4L, 8L), read);
        assertEquals(0, stripes.claim() & ~3, "all are released");
    }

    @Test
    void readerMeetsNoWriterAndLosesNothing() throws InterruptedException {
        Stripes<long[]> shared = new Stripes<>(new Stripes.Places(3, () -> (int) Thread.currentThread().threadId()),
                () -> new long[1]);
        int threads = 3;
        LongAdder dropped = new LongAdder();
        CountDownLatch over = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 100_000; i++) {
                    int claimed = shared.claim();
                    if (claimed < 0) {
                        dropped.increment();
                    } else {
                        shared.get(claimed)[0]++;
                        shared.release(claimed);
                    }
                }
                over.countDown();
            });
        }
        long[] sum = new long[1];
        for (int i = 0; i < 1000; i++) {
            collect(shared, sum);
        }
        over.await();
        collect(shared, sum);
        assertEquals(300_000, sum[0] + dropped.sum());
    }

    private static void collect(Stripes<long[]> shared, long[] sum) {
        shared.forEach(counter -> {
            sum[0] += counter[0];
            counter[0] = 0;
        });
    }
}
