package io.selvage.server.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Looks a few times a second whether a connection that nobody reads has ended. What the look brings in is kept for
/// the next read.
final class EofWatch {
    private static final long PERIOD_NANOS = 200_000_000;
    /// Someone who sends more than this while he waits for an answer is not looked at any longer: the end is behind those bytes.
    private static final int MOST_KEPT = 4096;

    /*
     * WATCHING --sweeper--> LOOKING --sweeper--> WATCHING or GONE;  WATCHING or GONE --owner--> ENDED
     * WATCHING --whoever aborts the connection--> GONE
     *
     * The owner waits out a look that is under way: it takes one non-blocking read. So the channel is in blocking mode, and
     * touched by the owner alone, whenever the owner goes on.
     */
    private static final int WATCHING = 0;
    private static final int LOOKING = 1;
    private static final int GONE = 2;
    private static final int ENDED = 3;

    private final AtomicInteger state = new AtomicInteger(WATCHING);
    private final SocketChannel channel;
    private final Runnable whenGone;
    private long nextLook;                                 // sweeper only
    private ByteBuffer seen = ByteBuffer.allocate(0);      // the sweeper's while LOOKING, the owner's after ENDED

    EofWatch(SocketChannel channel, Runnable whenGone, long now) {
        this.channel = channel;
        this.whenGone = whenGone;
        this.nextLook = now + PERIOD_NANOS;
    }

    /// Called by the sweeper's thread.
    void sweep(long now) {
        if (now < nextLook || !state.compareAndSet(WATCHING, LOOKING)) {
            return;
        }
        nextLook = now + PERIOD_NANOS;
        boolean ended = look();
        state.set(ended ? GONE : WATCHING);
        if (ended) {
            whenGone.run();
        }
    }

    private boolean look() {
        if (seen.position() == MOST_KEPT) {
            return false;
        }
        if (seen.capacity() == 0) {
            seen = ByteBuffer.allocate(MOST_KEPT);
        }
        try {
            channel.configureBlocking(false);
            try {
                return channel.read(seen) < 0;
            } finally {
                channel.configureBlocking(true);
            }
        } catch (IOException e) {
            return true;
        }
    }

    /// The connection was closed under its owner. Any thread, after the channel was closed.
    void cut() {
        while (!state.compareAndSet(WATCHING, GONE)) {
            if (state.get() != LOOKING) {
                return;
            }
            LockSupport.parkNanos(1_000);
        }
        whenGone.run();
    }

    boolean gone() {
        return state.get() == GONE;
    }

    /// Ends the look-out.
    ///
    /// @return the bytes that came meanwhile
    ByteBuffer end() {
        while (!state.compareAndSet(WATCHING, ENDED) && state.get() == LOOKING) {
            LockSupport.parkNanos(1_000);
        }
        return seen.flip();
    }
}
