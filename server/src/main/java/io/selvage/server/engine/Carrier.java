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
/// deadlines) belongs to one platform thread and needs no lock. The loop takes no lock that such a thread might hold: it
/// does not log and calls nothing that waits.
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
    private volatile @Nullable Throwable lastFailure;      // written by the carrier, read by the watchdog
    @SuppressWarnings("unused")
    private long turns;                                    // heartbeat; this and the next two: opaque, written by the carrier
    @SuppressWarnings("unused")
    private long tasks;
    @SuppressWarnings("unused")
    private int queued;                                    // tasks that a burst left in the queue
    private boolean readUnreported;                        // carrier's thread only
    private long now;                                      // carrier's thread only: the time after the last select
    private volatile ThreadActivity.Source activity = Optional::empty;    // written by the carrier when it starts
    private volatile long longestBurstNanos;               // written by the carrier, when it grows
    private volatile boolean stuck;                        // this and the next: written by the watchdog
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

    /// The carrier that the calling thread runs on; empty for a thread that runs on none.
    public static Optional<Carrier> current() {
        return CarrierThreads.currentCarrier() instanceof Loop loop ? Optional.of(loop.carrier()) : Optional.empty();
    }

    /// True if the calling thread runs on any carrier: then it must not block.
    public static boolean isUnderThisThread() {
        return CarrierThreads.currentCarrier() instanceof Loop;
    }

    /// The number of the carrier that the calling thread runs on; 0 if it runs on none.
    static int currentNumber() {
        return CarrierThreads.currentCarrier() instanceof Loop loop ? loop.carrier().number : 0;
    }

    /// Its index among the carriers that were started with it, from 0.
    public int place() {
        return number;
    }

    /// True if the calling thread runs on this carrier.
    public boolean isHere() {
        return CarrierThreads.currentCarrier() == loop;
    }

    /// Creates an unstarted virtual thread that runs on this carrier. Any thread may start it.
    ///
    /// @param owner its text names the thread in a thread dump; it is not asked for the text before
    public Thread thread(Object owner, Runnable task) {
        return CarrierThreads.make(this, ThreadRegistry.registered(owner, task));
    }

    /// Adds a task to the end of the loop's queue: the continuation of a virtual thread, or a few instructions that never wait.
    /// May be called from any thread; never throws, never waits, and does not run the task itself.
    @Override
    public void execute(Runnable task) {
        if (isHere()) {
            local.addLast(task);
            return;
        }
        if (inbox.offer(task)) {
            poller.wakeup();                             // also ends a select that starts later
        }
    }

    /// Registers the channel with this carrier's poller. Must be called by a thread that runs on this carrier.
    public Readiness register(SelectableChannel channel) throws IOException {
        Readiness readiness = new Readiness(this);
        readiness.registered(poller.register(channel, readiness));
        return readiness;
    }

    private void runForever() {
        activity = ThreadActivity.ofCallingThread();
        while (true) {
            try {
                turn();
            } catch (Throwable e) {
                // A task that throws loses its own thread only; the loop continues for all others.
                lastFailure = e;
                failures.incrementAndGet();
            }
        }
    }

    private void turn() throws IOException {
        TURNS.setOpaque(this, turns + 1);
        drainInbox();
        long ended = runBurst(now);
        QUEUED.setOpaque(this, local.size());
        if (local.isEmpty() && inbox.isEmpty()) {
            sleep(ended);
        } else {
            pollNow();
        }
        now = System.nanoTime();
        if (wheel.isDue(now)) {
            expireDeadlines();
        }
    }

    /// Moves the tasks that other threads submitted to the end of the local queue, in order.
    private void drainInbox() {
        for (int left = inbox.size(); left > 0; left--) {
            Runnable task = inbox.poll();
            if (task == null) {
                return;
            }
            local.addLast(task);
        }
    }

    /// Runs every task that is queued now, and none that is queued during the burst.
    ///
    /// The channels are polled only after all of them have run: a channel stays ready until its thread has read, so a poll
    /// would report every channel whose thread is still queued, and the threads that it wakes would run after the queued ones
    /// anyway.
    ///
    /// @param began the start of the burst, in nanoseconds
    /// @return its end, in nanoseconds
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
            polled(poller.poll(wheel.millisToNext(since)));
        }
        inbox.awake();
        Thread.interrupted();                              // a pending interrupt would end every select at once
    }

    /// Wakes the threads whose channels are ready. Does not wait.
    void pollNow() throws IOException {
        polled(poller.pollNow());
    }

    private void polled(boolean completely) {
        if (completely) {
            readUnreported = false;
        }
    }

    /// Called by a thread of this carrier that has received bytes which no poll had reported.
    public void readUnreported() {
        readUnreported = true;
    }

    /// True if a thread of this carrier has received bytes that may be newer than what the last poll reported. If not, then what
    /// came on a registered channel before those bytes were sent has been reported, because the poll that reported them came
    /// later. Called by a thread of this carrier.
    public boolean hasReadUnreported() {
        return readUnreported;
    }

    private void expireDeadlines() {
        TimerWheel.Entry entry = wheel.next(now);
        while (entry != null) {
            entry.comesDue(now);
            entry = wheel.next(now);
        }
    }

    /// Called by a thread of this carrier whose park returned without a wake-up.
    ///
    /// This is normal unless the carrier is stuck. Then the thread may be pinned by a class initialiser or a native frame: its
    /// park blocks the carrier, including the loop that would wake it. So the thread polls the channels itself.
    void parkedInVain() {
        if (!stuck) {
            return;
        }
        try {
            pollNow();
            now = System.nanoTime();
            expireDeadlines();
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

    /// Adds to the number of client connections on this carrier. Any thread.
    ///
    /// @param change 1 for a new connection, -1 for one that ended
    public void connections(int change) {
        connections.addAndGet(change);
    }

    /// Connections plus queued tasks; a stuck carrier has the largest load. Used to choose a carrier for a connection.
    long load() {
        return stuck ? Integer.MAX_VALUE : (long) connections.get() + queued();
    }

    private int queued() {
        return (int) QUEUED.getOpaque(this) + inbox.size();
    }

    /// The counters of this carrier. Any thread; they are not read at one instant.
    CarrierSnapshot.OfCarrier snapshot() {
        long cpuNanos = activity().map(ThreadActivity::cpuNanos).orElse(0L);
        return new CarrierSnapshot.OfCarrier(loop.getName(), connections.get(), queued(), turns(), tasks(), cpuNanos,
                bugs(),
                new CarrierSnapshot.Stalls(longestBurstNanos, stuck, episodes));
    }

    /// What should never happen. Any thread.
    CarrierSnapshot.Bugs bugs() {
        return new CarrierSnapshot.Bugs(lostWakeups.get(), failures.get());
    }

    /// Number of turns of the loop; constant while it sleeps or is stuck.
    long turns() {
        return (long) TURNS.getOpaque(this);
    }

    /// Number of tasks started.
    long tasks() {
        return (long) TASKS.getOpaque(this);
    }

    boolean isAsleep() {
        return inbox.isAsleep();
    }

    /// What the kernel says about the loop's thread.
    Optional<ThreadActivity> activity() {
        return activity.now();
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

    /// The platform thread that runs the loop.
    Thread platformThread() {
        return loop;
    }
}
