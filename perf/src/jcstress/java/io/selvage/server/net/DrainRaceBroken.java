package io.selvage.server.net;

import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// [DrainRace] with a serving thread that reads `draining` before other threads can see that it is idle. The bad outcome observed
/// here shows that the test would detect it there.
@JCStressTest
@State
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE_INTERESTING, desc = "it waits for a request, and no thread closes it")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "it waits, and is closed")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "it sees that it has to end")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "both")
public class DrainRaceBroken {
    private enum Phase { IDLE, BUSY, ENDED }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BUSY);
    private volatile boolean draining;

    @Actor
    public void serving(ZZ_Result saw) {
        saw.r1 = !draining;
        phase.set(Phase.IDLE);
    }

    @Actor
    public void drain(ZZ_Result saw) {
        draining = true;
        saw.r2 = phase.compareAndSet(Phase.IDLE, Phase.ENDED);
    }
}
