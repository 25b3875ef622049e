package io.selvage.server.net;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The connections of one place ([Io#places]) that may be closed to make room for others, in two chains, oldest first: those that
/// wait for a request, and those with an incomplete request head.
///
/// With event loops, a queue belongs to its carrier's thread and needs no lock. With the JDK's scheduler a lock guards it.
/// Adding and removing a connection takes constant time and allocates nothing.
final class ReclaimQueue {
    /// A time that no connection has.
    static final long NONE = Long.MAX_VALUE;
    /// The most connections that are closed at once, and the part of those that could be: as nginx does.
    private static final int MOST_AT_ONCE = 32;
    private static final int PART = 8;

    private final Io io;
    private final int place;
    private final @Nullable ReentrantLock lock;
    private final Chain idle = new Chain();
    private final Chain heads = new Chain();
    private final AtomicLong requests = new AtomicLong();

    ReclaimQueue(Io io, int place) {
        this.io = io;
        this.place = place;
        this.lock = io.isConfined() ? null : new ReentrantLock();
    }

    /// Connections in the order in which they were added. Any thread may read how many there are and since when the first is
    /// here; both may be out of date.
    static final class Chain {
        private @Nullable ConnectionPhase first;
        private @Nullable ConnectionPhase last;
        private final AtomicInteger size = new AtomicInteger();
        private final AtomicLong oldest = new AtomicLong(NONE);
        private final AtomicBoolean asked = new AtomicBoolean();

        /// [System#nanoTime] of the first connection, or [#NONE].
        long oldestNanos() {
            return oldest.getOpaque();
        }

        int size() {
            return size.getOpaque();
        }

        private void append(ConnectionPhase added) {
            ConnectionPhase end = last;
            added.chain = this;
            added.before = end;
            added.behind = null;
            last = added;
            if (end == null) {
                first = added;
                oldest.setOpaque(added.sinceNanos);
            } else {
                end.behind = added;
            }
            size.setOpaque(size.getPlain() + 1);
        }

        private void unlink(ConnectionPhase removed) {
            ConnectionPhase before = removed.before;
            ConnectionPhase behind = removed.behind;
            if (behind == null) {
                last = before;
            } else {
                behind.before = before;
            }
            if (before == null) {
                first = behind;
                oldest.setOpaque(behind == null ? NONE : behind.sinceNanos);
            } else {
                before.behind = behind;
            }
            removed.chain = null;
            removed.before = null;
            removed.behind = null;
            size.setOpaque(size.getPlain() - 1);
        }
    }

    /// Those that wait for a request, and those that are only read until the client closes them.
    Chain idle() {
        return idle;
    }

    /// Those with an incomplete request head.
    Chain heads() {
        return heads;
    }

    /// Counts a request of this place. Called by the connection's thread.
    void countRequest() {
        if (lock == null) {
            requests.setOpaque(requests.getPlain() + 1);
        } else {
            requests.incrementAndGet();
        }
    }

    /// Requests of this place since the start. Any thread.
    long requests() {
        return requests.getOpaque();
    }

    /// Adds a connection at the end. Called by the connection's thread.
    void add(ConnectionPhase connection, Chain to, long sinceNanos) {
        enter();
        Chain from = connection.chain;
        if (from != null) {
            from.unlink(connection);
        }
        connection.sinceNanos = sinceNanos;
        to.append(connection);
        leave();
    }

    /// Removes a connection that may be in a chain. Called by the connection's thread.
    void remove(ConnectionPhase connection) {
        enter();
        Chain from = connection.chain;
        if (from != null) {
            from.unlink(connection);
        }
        leave();
    }

    /// Closes the oldest connections of a chain: an eighth of them, at least one and at most 32. Any thread; does not wait for
    /// it. A request while another is under way has no effect.
    ///
    /// @param needed looked at before they are closed: false if the request is out of date by then
    /// @param otherwise runs if it is needed and none could be closed; must not wait
    void reclaim(Chain from, BooleanSupplier needed, Runnable otherwise) {
        if (from.asked.compareAndSet(false, true)) {
            io.at(place, () -> reclaimHere(from, needed, otherwise));
        }
    }

    private void reclaimHere(Chain from, BooleanSupplier needed, Runnable otherwise) {
        boolean upToDate = needed.getAsBoolean();
        List<ConnectionPhase> ended = upToDate ? taken(from) : List.of();
        from.asked.set(false);
        ended.forEach(ConnectionPhase::close);
        if (upToDate && ended.isEmpty()) {
            otherwise.run();
        }
    }

    private List<ConnectionPhase> taken(Chain from) {
        enter();
        try {
            int most = Math.clamp(from.size.getPlain() / PART, 1, MOST_AT_ONCE);
            List<ConnectionPhase> ended = new ArrayList<>(most);
            ConnectionPhase next = from.first;
            while (next != null && ended.size() < most) {
                ConnectionPhase oldest = next;
                next = oldest.behind;
                if (!oldest.isKept()) {
                    from.unlink(oldest);
                    if (oldest.reclaim()) {
                        ended.add(oldest);
                    }
                }
            }
            return ended;
        } finally {
            leave();
        }
    }

    private void enter() {
        if (lock != null) {
            lock.lock();
        }
    }

    private void leave() {
        if (lock != null) {
            lock.unlock();
        }
    }
}
