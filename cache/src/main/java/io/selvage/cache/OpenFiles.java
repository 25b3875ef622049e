package io.selvage.cache;

import java.util.concurrent.atomic.AtomicInteger;

/// How many files are kept open, of the number that may be. Caches that share the descriptors of a process share one of these.
public final class OpenFiles {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    /// @param most files open at once; with 0 each is opened by whoever sends it
    public OpenFiles(int most) {
        this.most = most;
    }

    /// How many are open now.
    public int count() {
        return open.get();
    }

    /// Whether there is a place now; another may take it.
    boolean hasRoom() {
        return open.get() < most;
    }

    /// Takes the place of one more, unless there is none.
    boolean take() {
        if (open.incrementAndGet() <= most) {
            return true;
        }
        open.decrementAndGet();
        return false;
    }

    void give() {
        open.decrementAndGet();
    }
}
