package io.selvage.server.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Checks five times a second whether a connection that no thread reads has ended. Bytes that a check reads are kept for the
/// next read.
final class EofWatch {
    private static final long PERIOD_NANOS = 200_000_000;

    /*
     * WATCHING --sweeper--> CHECKING --sweeper--> WATCHING or GONE;  WATCHING or GONE --owner--> ENDED
     * WATCHING --the thread that aborts the connection--> GONE
     *
     * The owner waits for a check in progress, which is one non-blocking read. So when the owner continues, the channel is in
     * blocking mode and no other thread uses it.
     */
    private static final int WATCHING = 0;
    private static final int CHECKING = 1;
    private static final int GONE = 2;
    private static final int ENDED = 3;

    private final AtomicInteger state = new AtomicInteger(WATCHING);
    private final SocketChannel channel;
    private final Runnable whenGone;
    private final WatchedInput input;                       // the sweeper's while CHECKING, the owner's after ENDED
    private long nextCheck;                                 // sweeper only

    /// @param kept how many bytes the connection keeps already
    EofWatch(SocketChannel channel, int kept, Runnable whenGone, long now) {
        this.channel = channel;
        this.input = new WatchedInput(kept);
        this.whenGone = whenGone;
        this.nextCheck = now + PERIOD_NANOS;
    }

    /// Called by the sweeper's thread.
    void sweep(long now) {
        if (now < nextCheck || !state.compareAndSet(WATCHING, CHECKING)) {
            return;
        }
        nextCheck = now + PERIOD_NANOS;
        boolean ended = check();
        state.set(ended ? GONE : WATCHING);
        if (ended) {
            whenGone.run();
        }
    }

    private boolean check() {
        if (input.isFull()) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            try {
                return input.readToEnd(channel);
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            return true;
        }
    }

    /// Reports that another thread than the owner closed the connection. Any thread, after the channel was closed.
    void cut() {
        while (!state.compareAndSet(WATCHING, GONE)) {
            if (state.get() != CHECKING) {
                return;
            }
            LockSupport.parkNanos(1_000);
        }
        whenGone.run();
    }

    boolean gone() {
        return state.get() == GONE;
    }

    /// Ends the watch.
    ///
    /// @return the bytes received during the watch
    ByteBuffer end() {
        while (!state.compareAndSet(WATCHING, ENDED) && state.get() == CHECKING) {
            LockSupport.parkNanos(1_000);
        }
        return input.bytes();
    }
}
