package io.selvage.server.net;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// [EofWatchRace] with a state that is checked and set in two steps. The bad outcome observed here shows that the test would
/// detect it there.
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the abort came first")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "the owner came first")
@Outcome(expect = Expect.ACCEPTABLE_INTERESTING, desc = "the action and the watch disagree")
public class EofWatchRaceBroken {
    private static final int WATCHING = 0;
    private static final int GONE = 2;
    private static final int ENDED = 3;

    private volatile int state = WATCHING;
    private boolean ran;

    @Actor
    public void abort() {
        if (state == WATCHING) {
            state = GONE;
            ran = true;
        }
    }

    @Actor
    public void owner() {
        if (state == WATCHING) {
            state = ENDED;
        }
    }

    @Arbiter
    public void result(ZZ_Result result) {
        result.r1 = ran;
        result.r2 = state == GONE;
    }
}
