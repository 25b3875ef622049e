package io.selvage.server.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// A carrier falls asleep while a thread submits a task, on the [TaskInbox] itself: at least one of them must see the other.
/// [TaskInboxRaceBroken] is the same without the order between the state and the second check.
@JCStressTest
@State
@Outcome(id = "false, false", expect = Expect.FORBIDDEN, desc = "the carrier sleeps although a task is queued")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the carrier saw the task")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the submitter saw the sleeper and wakes it")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both; the wake-up is redundant")
public class TaskInboxRace {
    private static final Runnable TASK = () -> { };

    private final TaskInbox inbox = new TaskInbox();

    @Actor
    public void carrier(ZZ_Result saw) {
        saw.r1 = !inbox.fallAsleep();
    }

    @Actor
    public void submitter(ZZ_Result saw) {
        saw.r2 = inbox.offer(TASK);
    }
}
