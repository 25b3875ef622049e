package io.selvage.server.observe;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// [StripesRace] with one stripe that is looked at and then taken, in two steps. The loss observed here shows that the test would
/// detect it there.
@JCStressTest
@State
@Outcome(id = "11, 1", expect = Expect.ACCEPTABLE, desc = "both counts were collected")
@Outcome(id = "10, 0", expect = Expect.ACCEPTABLE, desc = "the count found no stripe")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "a count was lost, or collected twice")
public class StripesRaceBroken {
    private final AtomicIntegerArray inUse = new AtomicIntegerArray(1);
    private long counter = 10;
    private long sum;

    private boolean claim() {
        boolean free = inUse.get(0) == 0;
        if (free) {
            inUse.set(0, 1);
        }
        return free;
    }

    private long count() {
        if (!claim()) {
            return 0;
        }
        counter++;
        inUse.setRelease(0, 0);
        return 1;
    }

    private void collect() {
        if (claim()) {
            sum += counter;
            counter = 0;
            inUse.setRelease(0, 0);
        }
    }

    @Actor
    public void counts(JJ_Result saw) {
        saw.r2 = count();
    }

    @Actor
    public void collects() {
        collect();
    }

    @Arbiter
    public void afterwards(JJ_Result saw) {
        sum += counter;
        saw.r1 = sum;
    }
}
