package io.selvage.server.net;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// [DeadlineRace] with a deadline that is checked and cleared in two steps. The bad outcome observed here shows that the test
/// would detect it there.
@JCStressTest
@State
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the read returned in time")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the sweeper ended it")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "both, or neither")
public class DeadlineRaceBroken {
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
        if (readUntil.get() != UNTIL) {
            return false;
        }
        readUntil.set(to);
        return true;
    }
}
