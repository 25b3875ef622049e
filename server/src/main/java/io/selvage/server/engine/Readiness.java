package io.selvage.server.engine;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Who waits for one channel, and until when. All of it belongs to the carrier's platform thread: it is touched by the loop and
/// by the virtual threads that the loop runs, never by two at once.
///
/// Interest in reading stays registered while somebody reads again and again, so an exchange costs no system call for it. It is
/// dropped when bytes come while nobody waits, and taken up at the next wait. So bytes that nobody reads, and an end that nobody
/// looks at, are told once and not at every turn.
public final class Readiness {
    private final Carrier carrier;
    private @Nullable SelectionKey key;                    // set once, before anything waits
    private int interest;                                  // as the key has it
    private boolean closed;

    private final Waiter read = new Waiter(SelectionKey.OP_READ);
    private final Waiter write = new Waiter(0);
    private @Nullable Runnable onRead;                     // called instead of a reader, while somebody watches

    Readiness(Carrier carrier) {
        this.carrier = carrier;
    }

    /*
     * One direction's waiting thread. No other thread than the carrier's platform thread comes near, so there is no race here:
     *
     *   FREE --the thread: stands in `thread`, then parks--> WAITS --the loop: takes it out, then unparks--> WOKEN
     *   WOKEN --the thread runs again--> FREE
     *
     * A park that ends for another reason (a permit left over, an interrupt, a thread dump) finds itself still in `thread`, and
     * parks again.
     */
    final class Waiter extends TimerWheel.Entry {
        private final int canary;                          // the operation that the canary may ask for; 0 for none
        private @Nullable Thread thread;                   // parked while it stands here
        private boolean expired;
        private boolean woken;                             // and has not run since

        Waiter(int canary) {
            this.canary = canary;
        }

        private boolean wake(boolean byDeadline) {
            Thread waiting = thread;
            if (waiting == null) {
                return false;
            }
            thread = null;
            disarm();
            expired = byDeadline;
            woken = true;
            LockSupport.unpark(waiting);
            return true;
        }

        @Override
        void comesDue(long now) {
            SelectionKey registered = key;
            if (canary != 0 && registered != null && thread != null) {
                carrier.canary().look(this, registered, canary, now);
            }
            if (isOver(now)) {
                wake(true);
            }
        }

        boolean waits() {
            return thread != null;
        }

        /// Called by the canary: the wait went on although the channel is ready.
        void wakeLate() {
            wake(false);
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
        Thread self = Thread.currentThread();
        waiter.thread = self;
        carrier.wheel().arm(waiter, until);
        LockSupport.park();
        while (waiter.thread == self) {
            Thread.interrupted();                          // a thread that stays interrupted would not park again
            carrier.parkedInVain();
            LockSupport.park();
        }
        waiter.woken = false;
        return !waiter.expired;
    }

    private boolean want(int operation) {
        SelectionKey registered = key;
        if (registered == null || closed || !registered.isValid()) {
            return false;
        }
        if ((interest & operation) == 0) {
            return interest(registered, interest | operation);
        }
        return true;
    }

    private boolean interest(SelectionKey registered, int operations) {
        try {
            registered.interestOps(operations);
            interest = operations;
            return true;
        } catch (CancelledKeyException e) {
            return false;
        }
    }

    /// Whether the loop would have told of bytes, or of the end, that came before its last look.
    public boolean isArmedForReading() {
        return (interest & SelectionKey.OP_READ) != 0;
    }

    /// Calls `action` on the carrier's platform thread whenever there is something to read and nobody waits for it. The action
    /// never waits.
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
        closed = true;
        read.wake(false);
        write.wake(false);
        carrier.wheel().remove(read);
        carrier.wheel().remove(write);
        Runnable watching = onRead;
        if (watching != null) {
            watching.run();
        }
    }

    /// Called by the loop for a channel that is ready.
    void ready(SelectionKey ready) {
        int operations;
        try {
            operations = ready.readyOps();
        } catch (CancelledKeyException e) {
            closed();
            return;
        }
        int unwanted = 0;
        if ((operations & SelectionKey.OP_READ) != 0 && !read.wake(false) && !read.woken) {
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
        if ((interest & unwanted) != 0 && !closed) {
            interest(ready, interest & ~unwanted);
        }
    }
}
