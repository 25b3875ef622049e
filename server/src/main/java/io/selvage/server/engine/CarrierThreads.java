package io.selvage.server.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.concurrent.Executor;

/// Virtual threads on a scheduler of ours. The only class that looks inside `java.lang`.
///
/// JDK 25 makes a virtual thread for any `Executor` in a method that is not public. Where that method is missing or closed,
/// [#missing()] gives the reason and the remedy, and the JDK's own scheduler is used instead.
final class CarrierThreads {
    /// Inheritable thread-locals are copied at creation; ours have none to inherit.
    private static final int NO_INHERIT_THREAD_LOCALS = 1 << 2;

    private static final MethodHandle NEW_THREAD;
    private static final MethodHandle CURRENT_CARRIER;
    private static final String MISSING;

    static {
        MethodHandle newThread = MethodHandles.empty(
                MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class));
        MethodHandle currentCarrier = MethodHandles.empty(MethodType.methodType(Thread.class));
        String missing = "";
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Method make = Class.forName("java.lang.ThreadBuilders")
                    .getDeclaredMethod("newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
            make.setAccessible(true);
            newThread = lookup.unreflect(make);
            Method current = Thread.class.getDeclaredMethod("currentCarrierThread");
            current.setAccessible(true);
            currentCarrier = lookup.unreflect(current);
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            missing = "for carriers of our own add --add-opens java.base/java.lang=ALL-UNNAMED (" + e + ")";
        }
        NEW_THREAD = newThread;
        CURRENT_CARRIER = currentCarrier;
        MISSING = missing;
    }

    private CarrierThreads() {
    }

    /// Why threads cannot be put on carriers here; empty when they can.
    static String missing() {
        return MISSING;
    }

    /// A virtual thread, not yet started, that runs on the scheduler only.
    static Thread make(Executor scheduler, Runnable task) {
        try {
            return (Thread) NEW_THREAD.invokeExact(scheduler, "", NO_INHERIT_THREAD_LOCALS, task);
        } catch (Throwable e) {
            throw new IllegalStateException("no virtual thread could be made", e);
        }
    }

    /// The platform thread under the calling thread, or the calling thread itself.
    static Thread currentCarrier() {
        try {
            return (Thread) CURRENT_CARRIER.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("no carrier thread", e);
        }
    }
}
