package io.selvage.server.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/// What a signal does. The only class that knows the JDK's signal handling: `sun.misc.Signal` has no supported twin, and a
/// compiler
/// that takes warnings for errors does not let it be named.
///
/// QUIT cannot be had: the JVM answers it with a thread dump.
final class Signals {

    private Signals() {
    }

    /// Runs the action on a thread of its own each time the signal comes, for as long as the process lives. A signal that the JVM
    /// keeps for itself (`-Xrs`) stays with the JVM.
    ///
    /// @param name without SIG: TERM, INT, HUP, USR1, WINCH
    static void on(String name, Runnable action) {
        InvocationHandler starter = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> Thread.ofPlatform().name("selvage-" + name).start(action);
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "on " + name;
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, starter);
            signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
        } catch (ReflectiveOperationException e) {
            System.getLogger(Signals.class.getName()).log(System.Logger.Level.WARNING, "no action on {0}: {1}", name, e);
        }
    }
}
