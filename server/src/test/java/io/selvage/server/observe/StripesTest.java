package io.selvage.server.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class StripesTest {
    private int place;
    private final Stripes<long[]> stripes = new Stripes<>(new Stripes.Places(2, () -> place), () -> new long[1]);

    /// The counters by stripe.
    private List<Long> counters() {
        List<Long> read = new ArrayList<>();
        stripes.forEach(counter -> read.add(counter[0]));
        return read;
    }

    @Test
    void placeHasAStripeOfItsOwn() {
        for (int i = -1; i < 8; i++) {
            place = i;
            stripes.update(counter -> counter[0] += 1 << place + 1);
        }
        assertEquals(List.of(0x022L, 0x044L, 0x088L, 0x111L), counters());
        assertEquals(0, stripes.dropped());
    }

    @Test
    void stripeInUseIsAvoided() {
        addToFreeStripes(1);
        assertEquals(List.of(1L, 2L, 3L, 4L), counters());
        assertEquals(1, stripes.dropped());
        stripes.update(counter -> counter[0] += 10);
        assertEquals(List.of(11L, 2L, 3L, 4L), counters());
        assertEquals(1, stripes.dropped());
    }

    /// Adds 1 to a first stripe and, while that is in use, 2 to a next one, and so on, until none is free.
    private void addToFreeStripes(int value) {
        stripes.update(counter -> {
            counter[0] += value;
            addToFreeStripes(value + 1);
        });
    }

    @Test
    void stripeIsFreeAfterAFailure() {
        for (int i = 0; i < 5; i++) {
            assertThrows(IllegalStateException.class, () -> stripes.update(_ -> {
                throw new IllegalStateException();
            }));
        }
        assertEquals(0, stripes.dropped());
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
    void readerMeetsNoWriterAndLosesNothing() throws InterruptedException {
        Stripes<long[]> shared = new Stripes<>(new Stripes.Places(3, () -> (int) Thread.currentThread().threadId()),
                () -> new long[1]);
        int threads = 3;
        CountDownLatch over = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 100_000; i++) {
                    shared.update(counter -> counter[0]++);
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
        assertEquals(300_000, sum[0] + shared.dropped());
    }

    private static void collect(Stripes<long[]> shared, long[] sum) {
        shared.forEach(counter -> {
            sum[0] += counter[0];
            counter[0] = 0;
        });
    }
}
