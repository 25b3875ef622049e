package io.selvage.server.cli;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;

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
            Object named = signal.getConstructor(String.class).newInstance(name);
            stopIgnoring((int) signal.getMethod("getNumber").invoke(named));
            Object ours = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, starter);
            signal.getMethod("handle", signal, handler).invoke(null, named, ours);
        } catch (ReflectiveOperationException e) {
            System.getLogger(Signals.class.getName()).log(System.Logger.Level.WARNING, "no action on {0}: {1}", name, e);
        }
    }

    /// A shell that starts a program in the background makes it ignore INT, and nohup HUP. The JVM would leave it at that, and a
    /// server
    /// could neither be stopped nor reloaded.
    @SuppressWarnings("restricted")
    private static void stopIgnoring(int number) {
        try {
            String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigIgn:")).findFirst().orElse("SigIgn:0");
            long mask = Long.parseUnsignedLong(ignored.substring(ignored.indexOf(':') + 1).strip(), 16);
            if ((mask >>> (number - 1) & 1) == 0) {
                return;
            }
            Linker linker = Linker.nativeLinker();
            MethodHandle usual = linker.downcallHandle(linker.defaultLookup().findOrThrow("signal"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
            usual.invoke(number, MemorySegment.NULL);
        } catch (IOException e) {
            System.getLogger(Signals.class.getName()).log(System.Logger.Level.DEBUG, "which signals are ignored is not known", e);
        } catch (Throwable e) {
            throw new IllegalStateException("signal " + number + " stays ignored", e);
        }
    }
}
