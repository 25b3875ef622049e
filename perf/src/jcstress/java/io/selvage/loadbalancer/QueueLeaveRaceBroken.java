package io.selvage.loadbalancer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/// The protocol of [QueueLeaveRace] with a client that looks at what its request was given before it enters the monitor. The bad
/// outcome observed here shows that the test would detect it there.
@JCStressTest
@State
@Outcome(id = "false", expect = Expect.ACCEPTABLE_INTERESTING, desc = "the place is lost")
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "the second request has the place")
public class QueueLeaveRaceBroken {
    private boolean firstWaits = true;
    private boolean firstServed;
    private boolean secondServed;

    @Actor
    public void peerBecomesFree() {
        synchronized (this) {
            if (firstWaits) {
                firstServed = true;
            } else {
                secondServed = true;
            }
        }
    }

    @Actor
    public void clientLeaves() {
        boolean served = firstServed;
        synchronized (this) {
            firstWaits = false;
            if (served) {
                secondServed = true;
            }
        }
    }

    @Arbiter
    public void afterBoth(Z_Result result) {
        result.r1 = secondServed;
    }
}
