package io.selvage.server.engine;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Work of unknown length, done by threads that may block: what waits for a disk must not hold a carrier.
///
/// The threads are platform threads, since a virtual one that a carrier's thread starts would run on that carrier. They are few;
/// what waits for them is one piece of work for each parked caller, so no queue grows beyond the number of connections.
public final class BlockingExecutor {
    private static final int THREADS = 16;
    private static final ThreadPoolExecutor POOL = pool();

    private BlockingExecutor() {
    }

    private static ThreadPoolExecutor pool() {
        var pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("selvage-off-carrier-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// Something to do.
    ///
    /// @param <E> what it may throw
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /// Does the work, and returns or throws what it did. A caller on a carrier parks meanwhile, whatever interrupts it; any other
    /// does the work itself.
    public static <T, E extends Exception> T call(Work<T, E> work) throws E {
        if (!Carrier.isUnderThisThread()) {
            return work.run();
        }
        var task = new Task<>(work, Thread.currentThread());
        POOL.execute(task);
        return task.await();
    }

    /*
     * One piece of work: the pool's thread writes what came of it, then `done`, then unparks; the caller reads `done`, then the
     * rest. A permit left from before ends a park early, so the caller looks again.
     */
    private static final class Task<T, E extends Exception> implements Runnable {
        private final Work<T, E> work;
        private final Thread caller;
        private @Nullable T result;
        private @Nullable Throwable thrown;
        private volatile boolean done;

        Task(Work<T, E> work, Thread caller) {
            this.work = work;
            this.caller = caller;
        }

        @Override
        public void run() {
            try {
                result = work.run();
            } catch (Throwable e) {
                thrown = e;
            }
            done = true;
            LockSupport.unpark(caller);
        }

        @SuppressWarnings({"unchecked", "NullAway"})
        T await() throws E {
            boolean interrupted = false;
            while (!done) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            switch (thrown) {
                case null -> {
                    return result;
                }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw (E) e;
            }
        }
    }
}
