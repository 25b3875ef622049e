package io.selvage.server.engine;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The threads that wait for one channel, and their deadlines. Belongs to the carrier's platform thread: the loop and the virtual
/// threads that it runs use it, one at a time.
///
/// Interest in reading stays registered between reads, so an exchange costs no system call for it. It is dropped when bytes
/// arrive while no thread waits, and registered again at the next wait. So unread bytes, and an unread end of input, are
/// reported once and not at every turn.
public final class Readiness {
    private final Carrier carrier;
    private Poller.@Nullable Registration registration;     // set once, before anything waits
    private int interest;                                  // as the registration has it
    private boolean closed;

    private final Waiter read = new Waiter(Poller.READ);
    private final Waiter write = new Waiter(0);
    private @Nullable Runnable onRead;                     // called instead of a reader, while there is a watch

    Readiness(Carrier carrier) {
        this.carrier = carrier;
    }

    /*
     * One direction's waiting thread. Only the carrier's platform thread uses it, so there is no race:
     *
     *   FREE --the thread: sets `thread`, then parks--> WAITS --the loop: clears `thread`, then unparks--> WOKEN
     *   WOKEN --the thread runs again--> FREE
     *
     * A thread whose park ends for another reason (a permit left over, an interrupt, a thread dump) finds `thread` still set and
     * parks again.
     */
    final class Waiter extends TimerWheel.Entry {
        private final int canary;                          // the operation that the canary may ask for; 0 for none
        private @Nullable Thread thread;                   // parked while it is set
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
            Poller.@Nullable Registration registered = registration;
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

    void registered(Poller.Registration with) {
        registration = with;
    }

    /// Parks until there is something to read, or the end.
    ///
    /// @param until [System#nanoTime()] at the latest
    /// @return false when that has passed first
    public boolean awaitReadable(long until) {
        return await(read, Poller.READ, until);
    }

    /// Replaces the deadline of the thread that waits for something to read, if one does.
    ///
    /// @param until [System#nanoTime()] at the latest
    /// @return false if none does
    public boolean limitReading(long until) {
        if (read.waits()) {
            carrier.wheel().arm(read, until);
        }
        return read.waits();
    }

    /// Parks until something can be written.
    public boolean awaitWritable(long until) {
        return await(write, Poller.WRITE, until);
    }

    /// Parks until a connection is made or refused.
    public boolean awaitConnected(long until) {
        return await(write, Poller.CONNECT, until);
    }

    private boolean await(Waiter waiter, int operation, long until) {
        if (!want(operation)) {
            return true;                                   // closed: the next call on the channel fails
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
        Poller.@Nullable Registration registered = registration;
        if (registered == null || closed || !registered.isValid()) {
            return false;
        }
        if ((interest & operation) == 0) {
            return interest(registered, interest | operation);
        }
        return true;
    }

    private boolean interest(Poller.Registration registered, int operations) {
        if (!registered.watchFor(operations)) {
            return false;
        }
        interest = operations;
        return true;
    }

    /// True if the polls report bytes, or the end, and none has reported them since they were last read.
    public boolean isArmedForReading() {
        return (interest & Poller.READ) != 0 && !read.woken && !closed;
    }

    /// Calls `action` on the carrier's platform thread whenever there is something to read and no thread waits for it. The action
    /// must not wait.
    public void watch(Runnable action) {
        onRead = action;
        if (!want(Poller.READ)) {
            action.run();
        }
    }

    /// Ends the watch; bytes that come are left alone again.
    public void unwatch() {
        onRead = null;
    }

    /// Wakes all waiting threads: the channel was closed, and they read its end.
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

    /// Called by the poller: the channel is ready for some operations.
    void ready(int operations) {
        int unwanted = 0;
        if ((operations & Poller.READ) != 0 && !read.wake(false) && !read.woken) {
            Runnable watching = onRead;
            if (watching != null) {
                watching.run();
            } else {
                unwanted |= Poller.READ;
            }
        }
        if ((operations & (Poller.WRITE | Poller.CONNECT)) != 0) {
            write.wake(false);
            unwanted |= Poller.WRITE | Poller.CONNECT;
        }
        Poller.@Nullable Registration registered = registration;
        if ((interest & unwanted) != 0 && !closed && registered != null) {
            interest(registered, interest & ~unwanted);
        }
    }
}
