package io.selvage.server.net.helidon;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Bounds the accepted connections whose threads have not run yet. While there are so many, the others stay in the backlog of the
/// socket, as they do with nginx, which accepts one connection in a turn of its loop.
///
/// Without a bound, clients that connect and leave at once, faster than they can be served, fill the run queues of the event
/// loops with thousands of connections. Every turn of a loop takes seconds then, and so does each step of every other client.
///
/// A client that waits in the backlog has the waits of TCP: if the backlog is full as well, its kernel asks again.
final class StartBound {
    /// The usual longest wait. Threads that have not run by then may belong to an event loop that is blocked: they count no
    /// longer.
    static final long PATIENCE_NANOS = 100_000_000;

    private final int most;
    private final long patienceNanos;
    private final AtomicInteger unstarted = new AtomicInteger();
    private volatile @Nullable Thread waiting;             // the accepting thread, while it waits

    /// @param most above 1
    /// @param patienceNanos the longest wait
    StartBound(int most, long patienceNanos) {
        this.most = most;
        this.patienceNanos = patienceNanos;
    }

    /// Waits until there is room for another connection, and counts it. On the accepting thread, one at a time.
    void begin() {
        if (unstarted.get() >= most) {
            awaitRoom();
        }
        unstarted.incrementAndGet();
    }

    /// The thread of a connection has started, or will never start. Any thread.
    void started() {
        int left = unstarted.updateAndGet(count -> Math.max(0, count - 1));
        Thread accepting = waiting;                        // after the count: either it is seen here, or the count there
        if (accepting != null && left <= most / 2) {
            LockSupport.unpark(accepting);
        }
    }

    /// Number of connections that count.
    int count() {
        return unstarted.get();
    }

    private void awaitRoom() {
        waiting = Thread.currentThread();
        long until = System.nanoTime() + patienceNanos;
        while (unstarted.get() > most / 2) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                unstarted.set(0);
                break;
            }
            LockSupport.parkNanos(this, left);
            if (Thread.currentThread().isInterrupted()) {  // the listener is being closed
                break;
            }
        }
        waiting = null;
    }
}
