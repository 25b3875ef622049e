package io.selvage.server.net;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// The protocol of [BlockingConnection] between a read that returns and the sweeper that finds it overdue, with the same fields
/// and memory orders: exactly one of them ends the wait. [DeadlineRaceBroken] is the same without compare-and-set.
@JCStressTest
@State
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the read returned in time")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the sweeper ended it")
@Outcome(expect = Expect.FORBIDDEN, desc = "both, or neither")
public class DeadlineRace {
    private static final long IDLE = 0;
    private static final long EXPIRED = -1;
    private static final long UNTIL = 17;

    private final AtomicLong readUntil = new AtomicLong(UNTIL);

    @Actor
    public void owner(ZZ_Result ended) {
        ended.r1 = leave(IDLE);
    }

    @Actor
    public void sweeper(ZZ_Result ended) {
        ended.r2 = leave(EXPIRED);
    }

    private boolean leave(long to) {
        return readUntil.compareAndSet(UNTIL, to);
    }
}
