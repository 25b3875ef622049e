package io.selvage.cache;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts the files that caches keep open, and limits their number. All caches of a process share one instance.
public final class OpenFiles {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    /// @param most maximum number of open files; with 0, each sender opens the file itself
    public OpenFiles(int most) {
        this.most = most;
    }

    /// The number of files that are open now.
    public int count() {
        return open.get();
    }

    /// True if another file may be opened now; another thread may open it first.
    boolean hasRoom() {
        return open.get() < most;
    }

    /// Counts one more open file.
    ///
    /// @return false if the limit is reached
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
