package io.selvage.server.observe;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// A thread counts in [Stripes] while another one collects. The first result is the sum of the counts that were collected, the
/// second is 1 if the new one found no stripe. [StripesRaceBroken] takes a stripe that it has seen free.
@JCStressTest
@State
@Outcome(id = "11, 0", expect = Expect.ACCEPTABLE, desc = "both counts were collected")
@Outcome(id = "10, 1", expect = Expect.ACCEPTABLE, desc = "the count found no stripe")
@Outcome(expect = Expect.FORBIDDEN, desc = "a count was lost, or collected twice")
public class StripesRace {
    private final Stripes<long[]> stripes = new Stripes<>(new Stripes.Places(1, () -> 0), () -> new long[1]);
    private long sum;

    public StripesRace() {
        stripes.update(counter -> counter[0] = 10);
    }

    private void collect() {
        stripes.forEach(counter -> {
            sum += counter[0];
            counter[0] = 0;
        });
    }

    @Actor
    public void counts() {
        stripes.update(counter -> counter[0]++);
    }

    @Actor
    public void collects() {
        collect();
    }

    @Arbiter
    public void afterwards(JJ_Result saw) {
        collect();
        saw.r1 = sum;
        saw.r2 = stripes.dropped();
    }
}
