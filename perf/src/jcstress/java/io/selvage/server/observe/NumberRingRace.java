package io.selvage.server.observe;

import java.util.stream.LongStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/// A full [NumberRing] of size one is drained while another thread offers a row: every accepted row comes out exactly once, and
/// whole. The first result is the sum of all numbers that came out; the second is 1 if the offer was accepted.
/// [NumberRingRaceBroken] releases the slot before it is empty.
@JCStressTest
@State
@Outcome(id = "10101, 0", expect = Expect.ACCEPTABLE, desc = "the row found no room")
@Outcome(id = "111111, 1", expect = Expect.ACCEPTABLE, desc = "the row found room and came out")
@Outcome(expect = Expect.FORBIDDEN, desc = "a number was lost, or came out twice, or with another one")
public class NumberRingRace {
    private final NumberRing ring = new NumberRing(1, 5);
    private long sum;

    public NumberRingRace() {
        ring.offer(1, 100, 0, 0, 10_000);
    }

    @Actor
    public void drains() {
        ring.drain(row -> sum += LongStream.of(row).sum());
    }

    @Actor
    public void offers(JJ_Result saw) {
        saw.r2 = ring.offer(10, 1000, 0, 0, 100_000) ? 1 : 0;
    }

    @Arbiter
    public void afterwards(JJ_Result saw) {
        ring.drain(row -> sum += LongStream.of(row).sum());
        saw.r1 = sum;
    }
}
