package io.selvage.server.engine;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs work of unknown duration on threads of its own, so that it does not block a carrier: what waits, such as disk reads, and
/// what computes for long, such as compression. There are as many threads for computations as processors.
///
/// The threads are platform threads, because a virtual thread started on a carrier would run on that carrier. Each parked caller
/// has one task in the queue, so the queue never holds more tasks than there are connections.
public final class BlockingExecutor {
    private static final int THREADS = 16;
    private static final ThreadPoolExecutor POOL = pool("selvage-off-carrier-", THREADS);
    private static final ThreadPoolExecutor COMPUTING = pool("selvage-compute-", Runtime.getRuntime().availableProcessors());

    private BlockingExecutor() {
    }

    private static ThreadPoolExecutor pool(String name, int threads) {
        var pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name(name, 0).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// A task that may block.
    ///
    /// @param <E> the checked exception that it may throw
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T run() throws E;
    }

    /// Runs the work and returns its result or throws its exception. A caller on a carrier parks until the work is done; an
    /// interrupt does not end the wait. Any other caller runs the work itself.
    public static <T, E extends Exception> T call(Work<T, E> work) throws E {
        return call(work, POOL);
    }

    /// As [#call], for work that computes for long and waits for nothing.
    public static <T, E extends Exception> T compute(Work<T, E> work) throws E {
        return call(work, COMPUTING);
    }

    private static <T, E extends Exception> T call(Work<T, E> work, ThreadPoolExecutor pool) throws E {
        if (!Carrier.isUnderThisThread()) {
            return work.run();
        }
        var task = new Task<>(work, Thread.currentThread());
        pool.execute(task);
        return task.await();
    }

    /*
     * The pool's thread writes the result, then `done`, then unparks the caller; the caller reads `done`, then the result.
     * A park can return early, so the caller checks `done` again.
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
