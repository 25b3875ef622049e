package io.selvage.server.net;

import java.util.concurrent.Semaphore;

/// The most connections of clients that the listeners of a process serve at once, all together. What comes beyond waits in the
/// backlog of its socket. Safe for any number of threads.
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

    /// Changes the limit. Connections beyond a lower one are served to their end.
    public synchronized void set(int limit) {
        if (limit > most) {
            places.release(limit - most);
        } else {
            places.remove(most - limit);
        }
        most = limit;
    }

    /// Takes the place of one connection, or waits until there is one.
    void acquire() throws InterruptedException {
        places.acquire();
    }

    /// Gives a place back. Does not wait.
    void release() {
        places.release();
    }
}
