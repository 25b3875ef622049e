package io.selvage.server.net;

import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// The protocol of [ConnectionPhase] between the thread that serves a connection and one that drains it, with the same fields and
/// memory orders: a connection that becomes idle during the drain does not stay open. [DrainRaceBroken] is the same with the two
/// steps in the wrong order.
@JCStressTest
@State
@Outcome(id = "true, false", expect = Expect.FORBIDDEN, desc = "it waits for a request, and no thread closes it")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "it waits, and is closed")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "it sees that it has to end")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "both")
public class DrainRace {
    private enum Phase { IDLE, BUSY, ENDED }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BUSY);
    private volatile boolean draining;

    @Actor
    public void serving(ZZ_Result saw) {
        phase.set(Phase.IDLE);
        saw.r1 = !draining;
    }

    @Actor
    public void drain(ZZ_Result saw) {
        draining = true;
        saw.r2 = phase.compareAndSet(Phase.IDLE, Phase.ENDED);
    }
}
