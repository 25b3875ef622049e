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

/// [TaskInboxRace] with a carrier that checks the queue before other threads can see that it sleeps. The bad outcome observed
/// here shows that the test would detect it there.
@JCStressTest
@State
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE_INTERESTING, desc = "the carrier sleeps although a task is queued")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the carrier saw the task")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the submitter saw the sleeper and wakes it")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both; the wake-up is redundant")
public class TaskInboxRaceBroken {
    private static final int ASLEEP = 1;
    private static final Runnable TASK = () -> { };
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TaskInboxRaceBroken.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MpscUnboundedAtomicArrayQueue<Runnable> queue = new MpscUnboundedAtomicArrayQueue<>(2);
    private int state;

    @Actor
    public void carrier(ZZ_Result saw) {
        STATE.setOpaque(this, ASLEEP);
        saw.r1 = !queue.isEmpty();
    }

    @Actor
    public void submitter(ZZ_Result saw) {
        queue.offer(TASK);
        saw.r2 = (int) STATE.getVolatile(this) == ASLEEP;
    }
}
