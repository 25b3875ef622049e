package io.selvage.server.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The virtual threads of the server that run now, for thread dumps. Any thread may use it.
///
/// The JDK has such a registry too. `deploy/jvm.options` turns it off, because the JDK's own dump, which reads it, can crash the
/// process ([ThreadDump]).
public final class ThreadRegistry {
    private static final Map<Thread, Object> RUNNING = new ConcurrentHashMap<>();

    private ThreadRegistry() {
    }

    /// Starts a registered virtual thread on the carrier of the calling thread, or on the JDK's scheduler if it runs on none.
    ///
    /// @param owner its text names the thread in a dump; it is not asked for the text before
    public static void start(Object owner, Runnable task) {
        Thread.ofVirtual().inheritInheritableThreadLocals(false).start(registered(owner, task));
    }

    /// The same task, during which the thread that runs it is registered.
    static Runnable registered(Object owner, Runnable task) {
        return () -> {
            Thread thread = Thread.currentThread();
            RUNNING.put(thread, owner);
            try {
                task.run();
            } finally {
                RUNNING.remove(thread);
            }
        };
    }

    /// The number of threads that run now.
    public static int count() {
        return RUNNING.size();
    }

    /// The threads and their owners. Threads that start or end during the call may be missing.
    static Map<Thread, Object> running() {
        return Map.copyOf(RUNNING);
    }
}
