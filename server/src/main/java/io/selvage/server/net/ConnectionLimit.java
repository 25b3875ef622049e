package io.selvage.server.net;

import java.util.concurrent.Semaphore;

/// Limits the number of client connections that all listeners of the process serve at once. Further connections wait in the
/// backlog of their socket. Thread-safe.
public final class ConnectionLimit {
    private final Places places = new Places();
    private int most;                                      // guarded by this

    /// @param most above 0
    public ConnectionLimit(int most) {
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

    /// Reserves a place for one connection; waits until one is free.
    public void acquire() throws InterruptedException {
        places.acquire();
    }

    /// Frees a place. Does not wait.
    public void release() {
        places.release();
    }
}
