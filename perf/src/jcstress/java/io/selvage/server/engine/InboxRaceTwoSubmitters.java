package io.selvage.server.engine;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/// A carrier falls asleep while two threads submit a task each: it stays awake, or exactly one of them wakes it.
@JCStressTest
@State
@Outcome(id = "true, 0", expect = Expect.ACCEPTABLE, desc = "the carrier saw a task")
@Outcome(id = "true, 1", expect = Expect.ACCEPTABLE, desc = "it saw a task; the wake-up is redundant")
@Outcome(id = "false, 1", expect = Expect.ACCEPTABLE, desc = "one of them wakes it")
@Outcome(expect = Expect.FORBIDDEN, desc = "no thread wakes it, or both do")
public class InboxRaceTwoSubmitters {
    private static final Runnable TASK = () -> { };

    private final TaskInbox inbox = new TaskInbox();
    private boolean first;
    private boolean second;

    @Actor
    public void carrier(ZI_Result saw) {
        saw.r1 = !inbox.fallAsleep();
    }

    @Actor
    public void first() {
        first = inbox.offer(TASK);
    }

    @Actor
    public void second() {
        second = inbox.offer(TASK);
    }

    @Arbiter
    public void count(ZI_Result saw) {
        saw.r2 = (first ? 1 : 0) + (second ? 1 : 0);
    }
}
