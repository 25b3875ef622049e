package io.selvage.server.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.nio.channels.ServerSocketChannel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/// Options of a listening socket that the JDK does not offer, set with libc's `setsockopt`.
///
/// The JDK clears `IPV6_V6ONLY` on every IPv6 socket and has no option to set it again; without it, one process cannot listen on
/// `0.0.0.0:80` and `[::]:80` at once.
///
/// The descriptor comes from `sun.nio.ch.SelChImpl`, an interface of the JDK that its channels implement and that is exported
/// only on request (`--add-exports java.base/sun.nio.ch=ALL-UNNAMED`, in `jvm.options` and in the manifest of the jar). Where
/// that is missing, an address that needs one of these options cannot be listened on, and the message names the flag. Everything
/// else works.
@SuppressWarnings("restricted")
enum LinuxSocketOption {
    IPV6_V6ONLY(41, 26),
    TCP_DEFER_ACCEPT(6, 9),
    TCP_FASTOPEN(6, 23);

    private final int level;
    private final int number;

    LinuxSocketOption(int level, int number) {
        this.level = level;
        this.number = number;
    }

    /// @throws IOException when the kernel refuses it, or the descriptor cannot be had
    void set(ServerSocketChannel channel, int value) throws IOException {
        int descriptor = descriptor(channel);
        Linker linker = Linker.nativeLinker();
        StructLayout state = Linker.Option.captureStateLayout();
        MethodHandle setsockopt = linker.downcallHandle(linker.defaultLookup().findOrThrow("setsockopt"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.captureCallState("errno"));
        VarHandle errno = state.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment captured = arena.allocate(state);
            int result = (int) setsockopt.invokeExact(captured, descriptor, level, number, arena.allocateFrom(JAVA_INT, value),
                    Integer.BYTES);
            error = result == 0 ? 0 : (int) errno.get(captured, 0L);
        } catch (Throwable e) {
            throw new IOException(this + " cannot be set: " + e, e);
        }
        if (error != 0) {
            throw new IOException("setsockopt(" + this + ", " + value + ") failed (errno " + error + ")");
        }
    }

    private int descriptor(ServerSocketChannel channel) throws IOException {
        try {
            Method descriptor = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
            return (int) descriptor.invoke(channel);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException(this + " needs --add-exports java.base/sun.nio.ch=ALL-UNNAMED", e);
        }
    }
}
