package io.selvage.server.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Checks every open connection twenty times a second and ends the waits that have taken too long.
///
/// One daemon thread for the whole process. So a deadline costs its connection two stores instead of a timer; it is noticed at
/// most [#TICK_MILLIS] late. While no connection is open the thread sleeps.
final class Sweeper {
    static final long TICK_MILLIS = 50;

    private static final long START = System.nanoTime() - 1;
    private static final Sweeper SHARED = new Sweeper();

    private final Set<BlockingConnection> open = ConcurrentHashMap.newKeySet();
    private final Thread thread;

    private Sweeper() {
        thread = Thread.ofPlatform().daemon().name("selvage-sweeper").start(this::sweep);
    }

    static Sweeper shared() {
        return SHARED;
    }

    /// Nanoseconds since the class was loaded, above 0: so 0 and below are free to mean something else.
    static long now() {
        return System.nanoTime() - START;
    }

    void add(BlockingConnection connection) {
        boolean wasEmpty = open.isEmpty();
        open.add(connection);
        if (wasEmpty) {
            LockSupport.unpark(thread);
        }
    }

    void remove(BlockingConnection connection) {
        open.remove(connection);
    }

    private void sweep() {
        while (true) {
            if (open.isEmpty()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, TICK_MILLIS * 1_000_000);
            }
            long now = now();
            for (BlockingConnection connection : open) {
                connection.sweep(now);
            }
        }
    }
}
