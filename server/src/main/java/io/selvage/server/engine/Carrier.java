package io.selvage.server.engine;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A platform thread that runs virtual threads and waits for their channels: an event loop.
///
/// A thread made by [#thread] runs on this carrier only, so everything that its connections need (registration, waiters,
/// deadlines) belongs to one platform thread and needs no lock. The loop itself takes no lock that such a thread might hold: it
/// does not log, and whatever it calls does not wait.
public final class Carrier implements Executor {
    private static final int USUALLY_QUEUED = 512;

    private static final VarHandle TURNS;
    private static final VarHandle TASKS;
    private static final VarHandle QUEUED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TURNS = lookup.findVarHandle(Carrier.class, "turns", long.class);
            TASKS = lookup.findVarHandle(Carrier.class, "tasks", long.class);
            QUEUED = lookup.findVarHandle(Carrier.class, "queued", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ArrayDeque<Runnable> local = new ArrayDeque<>(USUALLY_QUEUED);    // carrier's thread only
    private final TaskInbox inbox = new TaskInbox();
    private final Poller poller;
    private final TimerWheel wheel;                             // carrier's thread only
    private final Canary canary;                           // carrier's thread only
    private final Loop loop;
    private final int number;

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong lostWakeups = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Throwable lastFailure;      // the carrier's, for the watchdog
    @SuppressWarnings("unused")
    private long turns;                                    // written by the carrier, opaque, as the next: the heartbeat
    @SuppressWarnings("unused")
    private long tasks;
    @SuppressWarnings("unused")
    private int queued;                                    // written by the carrier, opaque: what a burst has left
    private long now;                                      // carrier's thread only: the time after the last select
    private volatile long longestBurstNanos;               // written by the carrier, when it grows
    private volatile boolean stuck;                        // written by the watchdog, as the next
    private volatile int episodes;

    private Carrier(int number, Poller poller) {
        this.number = number;
        this.poller = poller;
        now = System.nanoTime();
        wheel = new TimerWheel(now);
        canary = new Canary(this, now);
        loop = new Loop("selvage-carrier-" + number);
    }

    /// Starts the loop.
    static Carrier start(int number, Poller poller) {
        Carrier carrier = new Carrier(number, poller);
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
            runForever();
        }
    }

    /// The carrier under the calling thread, if it is one of ours.
    public static Optional<Carrier> current() {
        return CarrierThreads.currentCarrier() instanceof Loop loop ? Optional.of(loop.carrier()) : Optional.empty();
    }

    /// Whether the calling thread runs on any carrier: then it must not block.
    public static boolean isUnderThisThread() {
        return CarrierThreads.currentCarrier() instanceof Loop;
    }

    /// The number of the carrier under the calling thread; 0 where there is none.
    static int currentNumber() {
        return CarrierThreads.currentCarrier() instanceof Loop loop ? loop.carrier().number : 0;
    }

    /// Its place among the carriers that were started with it.
    public int place() {
        return number;
    }

    /// Whether the calling thread runs here.
    public boolean isHere() {
        return CarrierThreads.currentCarrier() == loop;
    }

    /// A virtual thread, not yet started, that runs here. Any thread may start it.
    public Thread thread(String name, Runnable task) {
        return CarrierThreads.make(this, name, task);
    }

    /// Queues a task for the loop, behind what is queued already: the continuation of a virtual thread, or a few instructions
    /// that never wait. Any thread; never throws, never waits, runs nothing itself.
    @Override
    public void execute(Runnable task) {
        if (isHere()) {
            local.addLast(task);
            return;
        }
        if (inbox.offer(task)) {
            poller.wakeup();                             // not lost on a select that has not begun
        }
    }

    /// Watches the channel with this carrier's poller. Only by a thread that runs here.
    public Readiness register(SelectableChannel channel) throws IOException {
        Readiness readiness = new Readiness(this);
        readiness.registered(poller.register(channel, readiness));
        return readiness;
    }

    private void runForever() {
        while (true) {
            try {
                turn();
            } catch (Throwable e) {
                // A task that throws has lost its own thread only. The loop goes on, for all the others.
                lastFailure = e;
                failures.incrementAndGet();
            }
        }
    }

    private void turn() throws IOException {
        TURNS.setOpaque(this, turns + 1);
        takeForeign();
        long ended = runBurst(now);
        QUEUED.setOpaque(this, local.size());
        if (local.isEmpty() && inbox.isEmpty()) {
            sleep(ended);
        } else {
            pollNow();
        }
        now = System.nanoTime();
        if (wheel.isDue(now)) {
            endWaits();
        }
    }

    /// Moves the tasks of other threads behind those of this carrier, in order.
    private void takeForeign() {
        for (int left = inbox.size(); left > 0; left--) {
            Runnable task = inbox.poll();
            if (task == null) {
                return;
            }
            local.addLast(task);
        }
    }

    /// Runs what is queued, and not what is queued meanwhile.
    ///
    /// All of it, before the next look at the channels: a look costs for each channel whose thread stands in the queue, since
    /// that one is ready until its thread has read, and what the look finds would only be put behind them.
    ///
    /// @return when it ended
    private long runBurst(long began) {
        for (int left = local.size(); left > 0; left--) {
            TASKS.setOpaque(this, tasks + 1);
            local.removeFirst().run();
        }
        long ended = System.nanoTime();
        if (ended - began > longestBurstNanos) {
            longestBurstNanos = ended - began;
        }
        return ended;
    }

    private void sleep(long since) throws IOException {
        if (inbox.fallAsleep()) {
            poller.poll(wheel.millisToNext(since));
        }
        inbox.awake();
        Thread.interrupted();                              // or every select would return at once
    }

    /// Wakes the threads whose channels are ready. Does not wait itself.
    void pollNow() throws IOException {
        poller.pollNow();
    }

    private void endWaits() {
        TimerWheel.Entry entry = wheel.next(now);
        while (entry != null) {
            entry.comesDue(now);
            entry = wheel.next(now);
        }
    }

    /// Called by a thread here whose park has ended without a cause.
    ///
    /// That is nothing unusual, unless the carrier is stuck. Then the thread may be pinned, by a class initialiser or a native
    /// frame under it: its park holds the whole carrier, and with it the loop that would wake it. So it looks at the channels
    /// itself.
    void parkedInVain() {
        if (!stuck) {
            return;
        }
        try {
            pollNow();
            now = System.nanoTime();
            endWaits();
        } catch (IOException e) {
            lastFailure = e;
            failures.incrementAndGet();
        }
    }

    Poller poller() {
        return poller;
    }

    TimerWheel wheel() {
        return wheel;
    }

    Canary canary() {
        return canary;
    }

    void lostWakeup() {
        lostWakeups.incrementAndGet();
    }

    /// Counts one that begins or ends here. Any thread.
    public void connections(int change) {
        connections.addAndGet(change);
    }

    /// Connections and queued tasks, for a comparison between carriers; a stuck one has the largest load.
    long load() {
        return stuck ? Integer.MAX_VALUE : (long) connections.get() + queued();
    }

    private int queued() {
        return (int) QUEUED.getOpaque(this) + inbox.size();
    }

    /// What a picture of it shows. Any thread; the numbers may be of different moments.
    CarrierSnapshot.OfCarrier snapshot() {
        return new CarrierSnapshot.OfCarrier(loop.getName(), connections.get(), queued(), turns(), tasks(), lostWakeups.get(),
                failures.get(), new CarrierSnapshot.Stalls(longestBurstNanos, stuck, episodes));
    }

    /// How many turns the loop has made; does not change while it sleeps or is stuck.
    long turns() {
        return (long) TURNS.getOpaque(this);
    }

    /// How many tasks it has begun.
    long tasks() {
        return (long) TASKS.getOpaque(this);
    }

    boolean isAsleep() {
        return inbox.isAsleep();
    }

    boolean isStuck() {
        return stuck;
    }

    /// Called by the watchdog: the loop has made no progress for too long.
    void markStuck() {
        stuck = true;
        episodes++;
    }

    /// Called by the watchdog.
    void unmarkStuck() {
        if (stuck) {
            stuck = false;
        }
    }

    boolean hasWorkFromOutside() {
        return !inbox.isEmpty();
    }

    /// Called by the watchdog: the loop sleeps although a task was submitted.
    void wakeFromLostSleep() {
        lostWakeup();
        poller.wakeup();
    }

    Optional<Throwable> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /// The platform thread, for those who look at what it does.
    Thread platformThread() {
        return loop;
    }
}
