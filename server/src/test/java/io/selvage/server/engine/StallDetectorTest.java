package io.selvage.server.engine;

import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// When an event loop counts as stuck. One check is 50 ms; the source of the thread's activity is a fake.
class StallDetectorTest {
    private static final boolean NO_PROGRESS = false;
    private static final long MILLIS = 1_000_000;

    private Optional<ThreadActivity> activity = Optional.empty();
    private final StallDetector detector = new StallDetector(() -> activity);

    private void runsFor(long millis) {
        long before = activity.map(ThreadActivity::cpuNanos).orElse(0L);
        activity = Optional.of(new ThreadActivity(true, before + millis * MILLIS));
    }

    private void sleeps() {
        activity = Optional.of(new ThreadActivity(false, activity.map(ThreadActivity::cpuNanos).orElse(0L)));
    }

    /// The number of the first check that finds the loop stuck, from 1; 0 if none of a hundred does.
    private int firstStuckCheck(Runnable beforeEach) {
        return IntStream.rangeClosed(1, 100).filter(_ -> {
            beforeEach.run();
            return detector.check(NO_PROGRESS);
        }).findFirst().orElse(0);
    }

    @Test
    void loopThatSleepsOutsideItsPollIsStuckAfter200Millis() {
        assertEquals(4, firstStuckCheck(this::sleeps));
    }

    /// The first check has no earlier processor time to compare with.
    @Test
    void loopThatComputesIsStuckAfter200MillisOfProcessorTime() {
        assertEquals(5, firstStuckCheck(() -> runsFor(50)));
    }

    @Test
    void loopThatWaitsForAProcessorIsNotStuck() {
        assertEquals(0, firstStuckCheck(() -> runsFor(0)));
    }

    @Test
    void loopThatSharesItsProcessorIsStuckAfter200MillisOfItsOwn() {
        assertEquals(21, firstStuckCheck(() -> runsFor(10)));
    }

    @Test
    void everyCheckCountsWhereTheActivityIsUnknown() {
        assertEquals(4, firstStuckCheck(() -> { }));
    }

    @Test
    void progressStartsTheCountAgain() {
        sleeps();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 3; i++) {
                assertFalse(detector.check(NO_PROGRESS));
            }
            assertFalse(detector.check(true));
        }
    }

    @Test
    void processorTimeBeforeTheStallDoesNotCount() {
        runsFor(10);
        assertFalse(detector.check(NO_PROGRESS));
        assertFalse(detector.check(true));
        runsFor(10_000);
        assertFalse(detector.check(NO_PROGRESS));
    }

    @Test
    void stuckLoopStaysStuckUntilItMakesProgress() {
        assertEquals(4, firstStuckCheck(this::sleeps));
        runsFor(0);
        assertTrue(detector.check(NO_PROGRESS));
        assertFalse(detector.check(true));
    }
}
