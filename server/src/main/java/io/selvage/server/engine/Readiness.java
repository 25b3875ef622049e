package io.selvage.server.engine;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Who waits for one channel, and until when. All of it belongs to the carrier's platform thread: it is touched by the loop and
/// by the
/// virtual threads that the loop runs, never by two at once.
///
/// Interest in reading stays registered while somebody reads again and again, so an exchange costs no system call for it. It is
/// dropped
/// when bytes come while nobody waits, and taken up at the next wait.
public final class Readiness {
    private static final long NEVER = Long.MAX_VALUE;

    private final Carrier carrier;
    private @Nullable SelectionKey key;                    // set once, before anything waits

    private final Waiter read = new Waiter();
    private final Waiter write = new Waiter();
    private @Nullable Runnable onRead;                     // called instead of a reader, while somebody watches

    Readiness(Carrier carrier) {
        this.carrier = carrier;
    }

    /// One direction's waiting thread.
    private static final class Waiter {
        @Nullable Thread thread;                           // parked while it stands here
        long until = NEVER;
        boolean expired;

        boolean wake(boolean byDeadline) {
            Thread waiting = thread;
            if (waiting == null) {
                return false;
            }
            thread = null;
            until = NEVER;
            expired = byDeadline;
            LockSupport.unpark(waiting);
            return true;
        }
    }

    void registered(SelectionKey selectionKey) {
        key = selectionKey;
    }

    /// Parks until there is something to read, or the end.
    ///
    /// @param until [System#nanoTime()] at the latest
    /// @return false when that has passed first
    public boolean awaitReadable(long until) {
        return await(read, SelectionKey.OP_READ, until);
    }

    /// Parks until something can be written.
    public boolean awaitWritable(long until) {
        return await(write, SelectionKey.OP_WRITE, until);
    }

    /// Parks until a connection is made or refused.
    public boolean awaitConnected(long until) {
        return await(write, SelectionKey.OP_CONNECT, until);
    }

    private boolean await(Waiter waiter, int operation, long until) {
        if (!want(operation)) {
            return true;                                   // closed: the next call on the channel says so
        }
        waiter.expired = false;
        waiter.until = until;
        Thread self = Thread.currentThread();
        waiter.thread = self;
        while (waiter.thread == self) {
            LockSupport.park(this);
            Thread.interrupted();                          // a thread that stays interrupted would not park again
        }
        return !waiter.expired;
    }

    private boolean want(int operation) {
        SelectionKey registered = key;
        if (registered == null) {
            return false;
        }
        try {
            int interest = registered.interestOps();
            if ((interest & operation) == 0) {
                registered.interestOps(interest | operation);
            }
            return true;
        } catch (CancelledKeyException e) {
            return false;
        }
    }

    /// Calls `action` on the carrier's platform thread whenever there is something to read and nobody waits for it. The action
    /// never
    /// waits.
    public void watch(Runnable action) {
        onRead = action;
        if (!want(SelectionKey.OP_READ)) {
            action.run();
        }
    }

    /// Ends the watch; bytes that come are left alone again.
    public void unwatch() {
        onRead = null;
    }

    /// Wakes everybody: the channel has been closed. Whoever watches it finds the end.
    public void closed() {
        read.wake(false);
        write.wake(false);
        Runnable watching = onRead;
        if (watching != null) {
            watching.run();
        }
    }

    /// Called by the loop for a channel that is ready.
    void ready(SelectionKey ready) {
        try {
            int operations = ready.readyOps();
            int unwanted = 0;
            if ((operations & SelectionKey.OP_READ) != 0 && !read.wake(false)) {
                Runnable watching = onRead;
                if (watching != null) {
                    watching.run();
                } else {
                    unwanted |= SelectionKey.OP_READ;
                }
            }
            if ((operations & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0) {
                write.wake(false);
                unwanted |= SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
            }
            if (unwanted != 0) {
                ready.interestOps(ready.interestOps() & ~unwanted);
            }
        } catch (CancelledKeyException e) {
            closed();
        }
    }

    /// Called by the loop now and then: ends the waits whose time has passed.
    void sweep(long now) {
        if (read.until != NEVER && now - read.until >= 0) {
            read.wake(true);
        }
        if (write.until != NEVER && now - write.until >= 0) {
            write.wake(true);
        }
    }

    /// A wait ended by its deadline although the channel was ready: a wake-up was lost.
    public void lostWakeup() {
        carrier.lostWakeup();
    }
}
