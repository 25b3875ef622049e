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

/// Installs handlers for signals. The only class that uses the JDK's signal handling, by reflection: `sun.misc.Signal` has no
/// supported equivalent, and its name causes a compiler warning, which is an error in this build.
///
/// QUIT cannot be handled: the JVM prints a thread dump.
final class Signals {

    private Signals() {
    }

    /// Runs the action on a new thread each time the signal arrives, until the process ends. A signal that the JVM reserves for
    /// itself (`-Xrs`) is not handled.
    ///
    /// @param name without SIG: TERM, INT, HUP, USR1, WINCH, URG
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

    /// Ends the inherited ignoring of a signal. A shell starts background programs with INT ignored, and nohup with HUP ignored.
    /// The JVM keeps this, so the server could be neither stopped nor reloaded.
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
            System.getLogger(Signals.class.getName()).log(System.Logger.Level.DEBUG, "the ignored signals are unknown", e);
        } catch (Throwable e) {
            throw new IllegalStateException("signal " + number + " stays ignored", e);
        }
    }
}
