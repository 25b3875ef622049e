package io.selvage.server.observe;

import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// [NumberRingRace] with the head moved before the slot is emptied: the 0 overwrites the number offered in between. The loss
/// observed here shows that the test would detect it there.
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the number found no room")
@Outcome(id = "11, 1", expect = Expect.ACCEPTABLE, desc = "the number found room and came out")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE_INTERESTING, desc = "the number was lost")
public class NumberRingRaceBroken {
    private static final int TAIL = 0;
    private static final int HEAD = 1;

    private final AtomicLongArray ends = new AtomicLongArray(new long[] {1, 0});
    private final AtomicLongArray slots = new AtomicLongArray(new long[] {1});
    private long sum;

    private void drain() {
        long at = ends.getPlain(HEAD);
        long number = slots.getAcquire(0);
        if (number != 0) {
            ends.setRelease(HEAD, at + 1);
            slots.setPlain(0, 0);
            sum += number;
        }
    }

    @Actor
    public void drains() {
        drain();
    }

    @Actor
    public void offers(JJ_Result saw) {
        long tail = ends.get(TAIL);
        if (tail - ends.getAcquire(HEAD) < 1 && ends.compareAndSet(TAIL, tail, tail + 1)) {
            slots.setRelease(0, 10);
            saw.r2 = 1;
        }
    }

    @Arbiter
    public void afterwards(JJ_Result saw) {
        drain();
        saw.r1 = sum;
    }
}
