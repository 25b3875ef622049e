package io.selvage.server.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TimerWheelTest {
    private static final long MILLI = 1_000_000;
    private static final long START = Long.MAX_VALUE - 40_000 * MILLI - 1;     // the clock may overflow

    private final TimerWheel wheel = new TimerWheel(START);
    private final List<String> over = new ArrayList<>();
    private int looks;

    private class Wait extends TimerWheel.Entry {
        private final String name;

        Wait(String name) {
            this.name = name;
        }

        @Override
        void comesDue(long now) {
            looks++;
            if (isOver(now)) {
                disarm();
                over.add(name);
            }
        }
    }

    /// Lets time pass in steps as small as the wheel's.
    private void passUntil(long millis) {
        for (long now = START; now - START <= millis * MILLI; now += TimerWheel.BUCKET_NANOS / 2) {
            lookAt(now);
        }
    }

    private void lookAt(long now) {
        if (wheel.isDue(now)) {
            for (TimerWheel.Entry entry = wheel.next(now); entry != null; entry = wheel.next(now)) {
                entry.comesDue(now);
            }
        }
    }

    @Test
    void earlierDeadlineComesFirst() {
        wheel.arm(new Wait("later"), START + 90 * MILLI);
        wheel.arm(new Wait("soon"), START + 30 * MILLI);
        passUntil(80);
        assertEquals(List.of("soon"), over);
        passUntil(110);
        assertEquals(List.of("soon", "later"), over);
    }

    @Test
    void postponedDeadlineStaysInItsFirstBucket() {
        Wait wait = new Wait("moved");
        for (int i = 0; i < 1000; i++) {
            wheel.arm(wait, START + (100 + i) * MILLI);
        }
        passUntil(900);
        assertEquals(List.of(), over);
        assertEquals(1, looks);
        passUntil(1200);
        assertEquals(List.of("moved"), over);
    }

    @Test
    void advancedDeadlineIsKept() {
        Wait wait = new Wait("moved");
        wheel.arm(wait, START + 10_000 * MILLI);
        wheel.arm(wait, START + 50 * MILLI);
        passUntil(70);
        assertEquals(List.of("moved"), over);
    }

    @Test
    void disarmedOrRemovedEntriesNeverExpire() {
        Wait disarmed = new Wait("disarmed");
        Wait removed = new Wait("removed");
        wheel.arm(disarmed, START + 50 * MILLI);
        wheel.arm(removed, START + 50 * MILLI);
        disarmed.disarm();
        wheel.remove(removed);
        wheel.remove(removed);
        passUntil(200);
        assertEquals(0, looks);
    }

    @Test
    void deadlineBeyondOneRoundWaitsForItsRound() {
        wheel.arm(new Wait("a minute"), START + 60_000 * MILLI);
        passUntil(59_990);
        assertEquals(List.of(), over);
        assertTrue(looks <= 4, () -> looks + " looks");
        passUntil(60_020);
        assertEquals(List.of("a minute"), over);
    }

    @Test
    void emptyWheelHasNoNextDeadline() {
        assertFalse(wheel.isDue(START + 100_000 * MILLI));
        assertEquals(0, wheel.millisToNext(START));
        Wait wait = new Wait("short");
        wheel.arm(wait, START + 100 * MILLI);
        assertTrue(wheel.millisToNext(START) >= 100 && wheel.millisToNext(START) <= 111, () -> "" + wheel.millisToNext(START));
        passUntil(120);
        assertEquals(0, wheel.millisToNext(START + 120 * MILLI));
    }

    @Test
    void allOverdueEntriesExpireAfterALongSleep() {
        for (int i = 0; i < 100; i++) {
            wheel.arm(new Wait("" + i), START + i * 1000 * MILLI);
        }
        lookAt(START + 50_500 * MILLI);
        assertEquals(51, over.size());
        lookAt(START + 100_000 * MILLI);
        assertEquals(100, over.size());
    }

    @Test
    void expiringEntryMayRemoveOthers() {
        Wait second = new Wait("second");
        wheel.arm(second, START + 50 * MILLI);
        wheel.arm(new Wait("first") {
            @Override
            void comesDue(long now) {
                super.comesDue(now);
                wheel.remove(second);
            }
        }, START + 50 * MILLI);
        passUntil(200);
        assertEquals(List.of("first"), over);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void entriesExpireAtMostOneBucketLate(long seed) {
        var random = new SplittableRandom(seed);
        var model = new long[200];
        var entries = new TimerWheel.Entry[model.length];
        long now = START;
        for (int i = 0; i < entries.length; i++) {
            int own = i;
            model[i] = TimerWheel.NEVER;
            entries[i] = new TimerWheel.Entry() {
                @Override
                void comesDue(long at) {
                    if (isOver(at)) {
                        assertTrue(at - model[own] >= 0, "early");
                        disarm();
                        model[own] = TimerWheel.NEVER;
                    }
                }
            };
        }
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(entries.length);
            switch (random.nextInt(8)) {
                case 0 -> {
                    wheel.remove(entries[i]);
                    model[i] = TimerWheel.NEVER;
                }
                case 1 -> {
                    entries[i].disarm();
                    model[i] = TimerWheel.NEVER;
                }
                default -> {
                    model[i] = now + random.nextLong(1L << random.nextInt(10, 36));
                    wheel.arm(entries[i], model[i]);
                }
            }
            now += random.nextInt(10) == 0 ? random.nextLong(30_000 * MILLI) : random.nextLong(TimerWheel.BUCKET_NANOS);
            lookAt(now);
            long limit = now;
            for (long until : model) {
                assertTrue(until == TimerWheel.NEVER || limit - until < TimerWheel.BUCKET_NANOS, "late");
            }
        }
    }
}
