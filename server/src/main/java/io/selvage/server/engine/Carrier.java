package io.selvage.server.engine;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/// A platform thread that runs virtual threads and waits for their channels: an event loop.
///
/// A thread made by [#thread] runs on this carrier only, so everything that its connections need (registration, waiters,
/// deadlines)
/// belongs to one platform thread and needs no lock. The loop itself takes no lock that such a thread might hold: it does not
/// log.
public final class Carrier implements Executor {
    /// Tasks run between two looks at the channels.
    private static final int BURST = 256;
    private static final long TICK_NANOS = 50_000_000;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Carrier.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int RUNNING = 0;
    private static final int SLEEPING = 1;

    /*
     * Who sleeps, and who must wake it.
     *
     *   RUNNING --carrier: nothing to do--> SLEEPING --carrier: woken--> RUNNING
     *                                          |
     *                                          +--any submitter, CAS, then wakes the selector--> RUNNING
     *
     * Carrier:    state = SLEEPING, then looks at the queue once more before it selects.
     * Submitter:  offers, then looks at the state; the one that changes SLEEPING to RUNNING wakes.
     * Store then load on both sides, volatile, so at least one of them sees the other. A wake-up before the select makes that
     * select return at once.
     */
    @SuppressWarnings("unused")
    private volatile int state;

    private final ArrayDeque<Runnable> local = new ArrayDeque<>(BURST);        // carrier's thread only
    private final MpscUnboundedAtomicArrayQueue<Runnable> foreign = new MpscUnboundedAtomicArrayQueue<>(BURST);
    private final Selector selector;
    private final Loop loop;

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong lostWakeups = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong ticks = new AtomicLong();

    private Carrier(int number) throws IOException {
        selector = Selector.open();
        loop = new Loop("selvage-carrier-" + number);
    }

    /// Starts the loop.
    static Carrier start(int number) throws IOException {
        Carrier carrier = new Carrier(number);
        carrier.loop.start();
        return carrier;
    }

    private final class Loop extends Thread {
        Loop(String name) {
            super(null, null, name, 0, false);
            setDaemon(true);
        }

        Carrier carrier() {
            return Carrier.this;
        }

        @Override
        public void run() {
            turn();
        }
    }

    /// The carrier under the calling thread, if it is one of ours.
    public static Optional<Carrier> current() {
        return CarrierThreads.currentCarrier() instanceof Loop loop ? Optional.of(loop.carrier()) : Optional.empty();
    }

    /// A virtual thread, not yet started, that runs here. Any thread may start it.
    public Thread thread(String name, Runnable task) {
        return CarrierThreads.make(this, name, task);
    }

    /// Queues a task for the loop: a virtual thread's next stretch, or a few instructions that never wait. Any thread; never
    /// throws, never
    /// waits.
    @Override
    public void execute(Runnable task) {
        if (CarrierThreads.currentCarrier() == loop) {
            local.addLast(task);
            return;
        }
        foreign.offer(task);
        if ((int) STATE.getVolatile(this) == SLEEPING && STATE.compareAndSet(this, SLEEPING, RUNNING)) {
            selector.wakeup();
        }
    }

    /// Makes the channel's readiness known here. Only by a thread that runs here.
    public Readiness register(SelectableChannel channel) throws IOException {
        Readiness readiness = new Readiness(this);
        readiness.registered(channel.register(selector, 0, readiness));
        return readiness;
    }

    private void turn() {
        long nextTick = System.nanoTime() + TICK_NANOS;
        while (true) {
            try {
                runBurst();
                waitForWork(nextTick);
                long now = System.nanoTime();
                if (now - nextTick >= 0) {
                    ticks.incrementAndGet();
                    sweep(now);
                    nextTick = now + TICK_NANOS;
                }
            } catch (Throwable e) {
                // A task that throws has lost its own thread only. The loop goes on, for all the others.
                failures.incrementAndGet();
            }
        }
    }

    private void runBurst() {
        for (int left = BURST; left > 0; left--) {
            Runnable task = local.pollFirst();
            if (task == null) {
                task = foreign.poll();
            }
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    private void waitForWork(long nextTick) throws IOException {
        if (!local.isEmpty() || !foreign.isEmpty()) {
            selector.selectNow(Carrier::ready);
            return;
        }
        STATE.setVolatile(this, SLEEPING);
        if (foreign.isEmpty()) {
            long millis = (nextTick - System.nanoTime()) / 1_000_000 + 1;
            selector.select(Carrier::ready, selector.keys().isEmpty() ? 0 : Math.max(1, millis));
        }
        STATE.setVolatile(this, RUNNING);
    }

    private static void ready(SelectionKey key) {
        ((Readiness) key.attachment()).ready(key);
    }

    private void sweep(long now) {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Readiness readiness) {
                readiness.sweep(now);
            }
        }
    }

    void lostWakeup() {
        lostWakeups.incrementAndGet();
    }

    /// How many connections live here.
    public int connections() {
        return connections.get();
    }

    /// Counts one that begins or ends here. Any thread.
    public void connections(int change) {
        connections.addAndGet(change);
    }

    /// How often the loop has swept; stands still while it is stuck or sleeps without a channel.
    public long ticks() {
        return ticks.get();
    }

    /// Waits that were found to have lasted although the channel was ready; 0, or something is wrong.
    public long lostWakeups() {
        return lostWakeups.get();
    }

    /// Tasks that threw; 0, or something is wrong.
    public long failures() {
        return failures.get();
    }

    /// The platform thread, for those who look at what it does.
    Thread platformThread() {
        return loop;
    }
}
