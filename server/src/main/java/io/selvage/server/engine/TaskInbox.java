package io.selvage.server.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/// What other threads give a carrier to do, and whether they have to wake it for that.
///
/// It does not know what a carrier sleeps in: who is told to wake it does so, in a way that is not lost on one that has not yet
/// fallen asleep.
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
     * Who sleeps, and who must wake it.
     *
     *   AWAKE --carrier: nothing to do--> ASLEEP --carrier: woken--> AWAKE
     *                                        |
     *                                        +--any submitter, CAS, then wakes the carrier--> AWAKE
     *
     * Carrier:    state = ASLEEP, volatile; then looks at the queue once more, and sleeps only if it is empty.
     * Submitter:  offers, then looks at the state; the one that changes ASLEEP to AWAKE wakes.
     * Store then load on both sides, so at least one of them sees the other: the queue's index moves by compare-and-set, and
     * `isEmpty` looks at the index. The carrier's own way back to AWAKE needs no order: who still sees ASLEEP wakes in vain.
     *
     * Proven by perf/src/jcstress, TaskInboxRace; its twin TaskInboxRaceBroken does not look at the queue again.
     */
    private volatile int state;

    private final MpscUnboundedAtomicArrayQueue<Runnable> queue = new MpscUnboundedAtomicArrayQueue<>(CHUNK);

    /// Any thread; never waits.
    ///
    /// @return whether the caller has to wake the carrier
    boolean offer(Runnable task) {
        queue.offer(task);
        return state == ASLEEP && STATE.compareAndSet(this, ASLEEP, AWAKE);
    }

    /// The next task that can be had without waiting for one that is just being put in. The carrier only.
    @Nullable Runnable poll() {
        return queue.relaxedPoll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    int size() {
        return queue.size();
    }

    /// From here on whoever brings something is told to wake the carrier. The carrier only.
    ///
    /// @return false when there is something already; then the carrier must not sleep
    boolean fallAsleep() {
        state = ASLEEP;
        return queue.isEmpty();
    }

    /// The carrier only, after [#fallAsleep], whatever that returned.
    void awake() {
        STATE.setOpaque(this, AWAKE);
    }

    boolean isAsleep() {
        return state == ASLEEP;
    }
}
