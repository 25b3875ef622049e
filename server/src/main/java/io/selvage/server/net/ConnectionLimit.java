package io.selvage.server.net;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Limits the number of client connections that all listeners of the process serve at once, and makes room for new ones.
/// Thread-safe.
///
/// What happens depends on the number of free places:
///
/// - less than a quarter of all: timeouts for request heads and for idle connections are shorter, in proportion to the free
///   places;
/// - a sixteenth or less: for each new connection, the oldest ones that wait for a request are closed;
/// - none: if no connection has waited for a request for a second, the oldest ones with an incomplete request head are closed.
///   New connections wait in the backlog of their socket until a place is free, and responses end their connection.
///
/// A connection whose request body is being received or whose response is being sent is never closed for this.
public final class ConnectionLimit {
    /// The shortest timeout that a configured one is shortened to.
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int QUARTER = 4;
    private static final int SIXTEENTH = 16;
    /// A connection that was accepted or used so recently is spared if a request head has been incomplete for longer.
    private static final long FRESH_NANOS = 1_000_000_000;
    private static final long RETRY_MILLIS = 10;
    private static final long BETWEEN_WARNINGS_NANOS = 1_000_000_000;

    private final Places places = new Places();
    private final Io io;
    private final List<ReclaimQueue> queues;                       // by place
    private final Consumer<String> warn;
    private final AtomicLong warnedNanos = new AtomicLong(System.nanoTime() - BETWEEN_WARNINGS_NANOS);
    private final AtomicInteger waiting = new AtomicInteger();     // accepting threads that need a place
    private final AtomicInteger reclaimed = new AtomicInteger();   // closed to make room; one less for each freed place
    private final AtomicInteger reclaims = new AtomicInteger();    // closed to make room since the start; wraps around
    private final AtomicLong accepted = new AtomicLong();          // connections since the start
    private final AtomicLong ended = new AtomicLong();             // of these
    private final AtomicInteger lingering = new AtomicInteger();   // connections that are read until the client closes them
    private volatile int most;                                     // written under this

    /// @param most above 0
    /// @param io runs the connections
    /// @param warn receives at most one line a second while places are scarce; must not wait
    public ConnectionLimit(int most, Io io, Consumer<String> warn) {
        this.io = io;
        this.queues = IntStream.range(0, io.places()).mapToObj(place -> new ReclaimQueue(io, place)).toList();
        this.warn = warn;
        set(most);
    }

    private static final class Places extends Semaphore {
        private static final long serialVersionUID = 1;

        Places() {
            super(0);
        }

        void remove(int count) {
            reducePermits(count);
        }
    }

    /// Changes the limit. A lower limit does not end existing connections.
    public synchronized void set(int limit) {
        if (limit > most) {
            places.release(limit - most);
        } else {
            places.remove(most - limit);
        }
        most = limit;
    }

    /// Reserves a place for one connection; makes room and waits if there is none.
    ///
    /// @param wanted false to stop waiting; looked at a hundred times a second
    /// @return false if the place is not wanted any more
    /// @throws InterruptedException if the calling thread was interrupted; it has no place then
    public boolean acquire(BooleanSupplier wanted) throws InterruptedException {
        int before = reclaims.get();
        if (places.availablePermits() + reclaimed.get() <= most / SIXTEENTH) {
            makeRoom(false, before);
        }
        if (places.tryAcquire()) {
            return true;
        }
        waiting.incrementAndGet();
        try {
            while (wanted.getAsBoolean()) {
                before = reclaims.get();
                if (reclaimed.get() == 0 && places.availablePermits() <= 0) {
                    makeRoom(true, before);
                }
                if (places.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return false;
        } finally {
            waiting.decrementAndGet();
        }
    }

    /// Frees a place. Does not wait.
    public void release() {
        places.release();
        if (reclaimed.get() > 0) {
            reclaimed.updateAndGet(ConnectionLimit::oneLess);  // after the release: who sees 0 sees the place as well
        }
    }

    /// Reports that no descriptor is left for a new connection, and makes room.
    ///
    /// @param problem one line
    public void outOfDescriptors(String problem) {
        warn(problem);
        request(true, reclaims.get());
    }

    /// The phase of a new connection, at first busy. Called on the connection's thread.
    public ConnectionPhase phase(Connection connection) {
        accepted.incrementAndGet();
        return new ConnectionPhase(connection, this, queues.get(io.place()));
    }

    /// Connections since the start.
    public long accepted() {
        return accepted.get();
    }

    /// Connections that are served now.
    public int active() {
        return (int) (accepted.get() - ended.get());
    }

    /// Requests since the start.
    public long requests() {
        return queues.stream().mapToLong(ReclaimQueue::requests).sum();
    }

    /// Connections with an incomplete request head.
    public int reading() {
        return queues.stream().mapToInt(queue -> queue.heads().size()).sum();
    }

    /// Connections that wait for a request.
    public int waiting() {
        return queues.stream().mapToInt(queue -> queue.idle().size()).sum() - lingering.get();
    }

    /// Counts the end of a connection.
    void ended() {
        ended.incrementAndGet();
    }

    /// Counts connections that are read until the client closes them.
    ///
    /// @param more 1 for one more, -1 for one less
    void lingers(int more) {
        lingering.addAndGet(more);
    }

    /// The timeout while places are scarce; the configured one otherwise.
    Duration shortened(Duration timeout) {
        int scarce = most / QUARTER;
        int free = places.availablePermits();
        if (free >= scarce || timeout.compareTo(SHORTEST) <= 0) {
            return timeout;
        }
        Duration share = timeout.multipliedBy(Math.max(0, free)).dividedBy(scarce);
        return share.compareTo(SHORTEST) < 0 ? SHORTEST : share;
    }

    /// True while a new connection waits for a place.
    boolean isWaitedFor() {
        return waiting.get() > 0;
    }

    /// Counts a connection that is about to be closed to make room, until a place is freed. While one is counted, no other is
    /// closed for a connection that waits.
    void beginReclaim() {
        reclaims.incrementAndGet();
        reclaimed.incrementAndGet();
    }

    /// Takes back [#beginReclaim]: the connection is busy or has ended.
    void cancelReclaim() {
        reclaims.decrementAndGet();
        reclaimed.updateAndGet(ConnectionLimit::oneLess);
    }

    private static int oneLess(int count) {
        return Math.max(0, count - 1);
    }

    private void makeRoom(boolean urgent, int before) {
        String what = request(urgent, before);
        if (urgent || !what.isEmpty()) {
            warn(most + " worker_connections are not enough" + what);
        }
    }

    /// Has some connections closed.
    ///
    /// @param urgent whether those with an incomplete head may be closed
    /// @param before [#reclaims] before the places were counted. If it has changed when the request is carried out, room has been
    ///         made since, and nothing is closed
    /// @return what is closed, for a message; empty if nothing can be
    private String request(boolean urgent, int before) {
        BooleanSupplier needed = () -> reclaims.get() == before;
        ReclaimQueue idle = oldest(ReclaimQueue::idle);
        ReclaimQueue head = oldest(ReclaimQueue::heads);
        boolean spared = idle == null
                || head != null && isFresh(idle.idle().oldestNanos(), head.heads().oldestNanos());
        if (spared && head != null && urgent) {
            head.reclaim(head.heads(), needed, () -> { });
            return ", closing connections with an incomplete request head";
        }
        if (idle != null && !spared) {
            idle.reclaim(idle.idle(), needed, () -> reclaimOther(idle, 0, needed));
            return ", reusing connections";
        }
        return "";
    }

    /// Closes idle connections of another place, because those of one place must be kept for now.
    ///
    /// @param at the first place to look at
    private void reclaimOther(ReclaimQueue kept, int at, BooleanSupplier needed) {
        for (int place = at; place < queues.size(); place++) {
            ReclaimQueue next = queues.get(place);
            if (next != kept && next.idle().size() > 0) {
                int following = place + 1;
                next.reclaim(next.idle(), needed, () -> reclaimOther(kept, following, needed));
                return;
            }
        }
    }

    private static boolean isFresh(long idleSince, long headSince) {
        return headSince - idleSince < 0 && System.nanoTime() - idleSince < FRESH_NANOS;
    }

    /// The queue with the oldest connection in a chain; null if there is none.
    private @Nullable ReclaimQueue oldest(Function<ReclaimQueue, ReclaimQueue.Chain> chain) {
        ReclaimQueue best = null;
        long since = ReclaimQueue.NONE;
        for (ReclaimQueue queue : queues) {
            long other = chain.apply(queue).oldestNanos();
            if (other != ReclaimQueue.NONE && (best == null || other - since < 0)) {
                best = queue;
                since = other;
            }
        }
        return best;
    }

    private void warn(String message) {
        long now = System.nanoTime();
        long last = warnedNanos.get();
        if (now - last >= BETWEEN_WARNINGS_NANOS && warnedNanos.compareAndSet(last, now)) {
            warn.accept(message);
        }
    }
}
