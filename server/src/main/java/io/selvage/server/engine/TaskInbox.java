package io.selvage.server.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// The tasks that other threads submit to a carrier. It decides whether the submitter must wake the carrier.
///
/// The wake-up itself is done by the caller of [#offer]. It must also end a sleep that starts after it.
final class TaskInbox {
    private static final int CHUNK = 256;
    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TaskInbox.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /*
     * Which submitter wakes a sleeping carrier.
     *
     *   AWAKE --carrier: nothing to do--> ASLEEP --carrier: woken--> AWAKE
     *                                        |
     *                                        +--any submitter, CAS, then wakes the carrier--> AWAKE
     *
     * Carrier:    state = ASLEEP, volatile; then checks the queue once more, and sleeps only if it is empty.
     * Submitter:  offers, then reads the state; the submitter that changes ASLEEP to AWAKE wakes the carrier.
     * Both sides store, then load, so at least one sees the other: the queue's index moves by compare-and-set, and `isEmpty`
     * reads the index. The carrier's own change to AWAKE needs no order: a late submitter only causes a needless wake-up.
     *
     * Tested by TaskInboxRace in perf/src/jcstress; its twin TaskInboxRaceBroken does not check the queue again.
     */
    private volatile int state;

    private final MpscUnboundedAtomicArrayQueue<Runnable> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);

    /// Adds a task. Any thread; never waits.
    ///
    /// @return true if the caller must wake the carrier
    boolean offer(Runnable task) {
        queue.offer(task);
        return state == ASLEEP && STATE.compareAndSet(this, ASLEEP, AWAKE);
    }

    /// The next task, or null if there is none or its submitter has not finished adding it. Carrier only.
    @Nullable Runnable poll() {
        return queue.relaxedPoll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int size() {
        return queue.size();
    }

    /// Makes the next [#offer] return true. Carrier only.
    ///
    /// @return false if a task is queued already; then the carrier must not sleep
    boolean fallAsleep() {
        state = ASLEEP;
        return queue.isEmpty();
    }

    /// Ends the state that [#fallAsleep] began, whether the carrier slept or not. Carrier only.
    void awake() {
        STATE.setOpaque(this, AWAKE);
    }

    boolean isAsleep() {
        return state == ASLEEP;
    }
}
