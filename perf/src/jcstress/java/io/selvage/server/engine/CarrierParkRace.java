package io.selvage.server.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// A carrier that goes to sleep and a thread that gives it a task, with the queue and the memory orders of [Carrier]: one of the
/// two must see the other. [CarrierParkRaceBroken] is the same without the fence.
@JCStressTest
@State
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the carrier sleeps beside a task")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the carrier saw the task")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the submitter saw the sleeper and wakes it")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both; the wake-up is for nothing")
public class CarrierParkRace {
    private static final int SLEEPING = 1;
    private static final Runnable TASK = () -> { };
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(CarrierParkRace.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MpscUnboundedAtomicArrayQueue<Runnable> foreign = new MpscUnboundedAtomicArrayQueue<>(2);
    private int state;

    @Actor
    public void carrier(ZZ_Result saw) {
        STATE.setOpaque(this, SLEEPING);
        VarHandle.fullFence();
        saw.r1 = !foreign.isEmpty();
    }

    @Actor
    public void submitter(ZZ_Result saw) {
        foreign.offer(TASK);
        saw.r2 = (int) STATE.getVolatile(this) == SLEEPING;
    }
}
