package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;

/// The only place of a peer becomes free while the client of the first waiting request leaves: the second request is woken, and
/// gets the place. [QueueLeaveRaceBroken] is the same with a request that looks at what it was given before it is in the monitor.
@JCStressTest
@State
@Outcome(id = "0, true", expect = Expect.FORBIDDEN, desc = "the second request has the place, and sleeps on")
@Outcome(id = ".*, false", expect = Expect.FORBIDDEN, desc = "the place is lost")
@Outcome(id = ".*, true", expect = Expect.ACCEPTABLE, desc = "the second request is woken, and has the place")
public class QueueLeaveRace {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Upstream upstream = new Upstream(
            new UpstreamSpec("app", List.of(PeerSpec.of("a").withMaxConns(1)), new Policy.RoundRobin())
                    .withQueue(new QueueSpec(2, HOUR)),
            new PeerStates(), () -> 0, new SplittableRandom(1));
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final Lease held = upstream.pick(new byte[0], new Tried()).orElseThrow();
    private final QueuePlace first = place(() -> { });
    private final QueuePlace second = place(wakeUps::incrementAndGet);

    private QueuePlace place(Runnable wake) {
        return upstream.enqueue(new byte[0], "", new Tried(), wake, HOUR).orElseThrow();
    }

    @Actor
    public void peerBecomesFree() {
        held.close();
    }

    @Actor
    public void clientLeaves() {
        first.leave();
    }

    @Arbiter
    public void afterBoth(IZ_Result result) {
        result.r1 = wakeUps.get();
        result.r2 = second.poll() instanceof QueuePlace.Turn.Served;
    }
}
