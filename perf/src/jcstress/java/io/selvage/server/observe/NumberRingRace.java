package io.selvage.server.observe;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// A full [NumberRing] with one place, one who drains it and one who offers a number meanwhile: every number that was taken in
/// comes out, once. The first figure is the sum of what came out, then and later; the second says whether the offer was taken.
/// [NumberRingRaceBroken] gives the place away before it is empty.
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the number found no room")
@Outcome(id = "11, 1", expect = Expect.ACCEPTABLE, desc = "the number found room and came out")
@Outcome(expect = Expect.FORBIDDEN, desc = "a number was lost, or came out twice")
public class NumberRingRace {
    private final NumberRing ring = new NumberRing(1);
    private long sum;

    public NumberRingRace() {
        ring.offer(1);
    }

    @Actor
    public void drains() {
        ring.drain(number -> sum += number);
    }

    @Actor
    public void offers(JJ_Result saw) {
        saw.r2 = ring.offer(10) ? 1 : 0;
    }

    @Arbiter
    public void afterwards(JJ_Result saw) {
        ring.drain(number -> sum += number);
        saw.r1 = sum;
    }
}
