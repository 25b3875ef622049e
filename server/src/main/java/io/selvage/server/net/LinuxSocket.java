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
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/// Calls of libc for sockets: those that the JDK does not offer.
///
/// The descriptor comes from `sun.nio.ch.SelChImpl`, an interface of the JDK that its channels implement and that is exported
/// only on request (`--add-exports java.base/sun.nio.ch=ALL-UNNAMED`, in `jvm.options` and in the manifest of the jar). Where
/// that is missing, a call fails with a message that names the flag. Everything else works.
@SuppressWarnings("restricted")
final class LinuxSocket {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();

    private LinuxSocket() {
    }

    /// `setsockopt` with an `int`.
    ///
    /// @param name for messages
    /// @throws IOException when the kernel refuses it, or the descriptor cannot be had
    static void setOption(ServerSocketChannel channel, String name, int level, int number, int value) throws IOException {
        int descriptor = descriptor(channel, name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = allocateErrno(arena);
            MethodHandle setsockopt = function("setsockopt",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
            int result;
            try {
                result = (int) setsockopt.invokeExact(errno, descriptor, level, number, arena.allocateFrom(JAVA_INT, value),
                        Integer.BYTES);
            } catch (Throwable e) {
                throw new IOException(name + " cannot be set: " + e, e);
            }
            check(result, errno, "setsockopt(" + name + ", " + value + ")");
        }
    }

    /// `getsockopt`.
    ///
    /// @param size of the value in bytes; a kernel that has a longer one gives its beginning
    /// @throws IOException as [#setOption], or when the value is shorter
    static byte[] option(SocketChannel channel, String name, int level, int number, int size) throws IOException {
        int descriptor = descriptor(channel, name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(STATE);
            MemorySegment value = arena.allocate(size);
            MemorySegment length = arena.allocateFrom(JAVA_INT, size);
            int result;
            try {
                result = (int) GetOption.FUNCTION.invokeExact(errno, descriptor, level, number, value, length);
            } catch (Throwable e) {
                throw new IOException(name + " cannot be read: " + e, e);
            }
            check(result, errno, "getsockopt(" + name + ")");
            if (length.get(JAVA_INT, 0) < size) {
                throw new IOException(name + " is too short");
            }
            return value.toArray(JAVA_BYTE);
        }
    }

    /// Linked at its first use, and only once: it is called for requests.
    private static final class GetOption {
        static final MethodHandle FUNCTION = function("getsockopt",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /// `listen`, which for a socket that listens already changes the number of connections that may wait.
    ///
    /// @throws IOException as [#setOption]
    static void listen(ServerSocketChannel channel, int backlog) throws IOException {
        int descriptor = descriptor(channel, "the backlog of an open socket");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = allocateErrno(arena);
            MethodHandle listen = function("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
            int result;
            try {
                result = (int) listen.invokeExact(errno, descriptor, backlog);
            } catch (Throwable e) {
                throw new IOException("the backlog cannot be set: " + e, e);
            }
            check(result, errno, "listen(" + backlog + ")");
        }
    }

    /// Memory in which a call leaves the number of its error.
    static MemorySegment allocateErrno(Arena arena) {
        return arena.allocate(STATE);
    }

    /// A function of libc. The first argument of a call is the memory of [#allocateErrno].
    static MethodHandle function(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), shape, Linker.Option.captureCallState("errno"));
    }

    /// @throws IOException with the number of the error if a call did not return 0
    static void check(int result, MemorySegment captured, String call) throws IOException {
        if (result != 0) {
            VarHandle errno = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
            throw new IOException(call + " failed (errno " + (int) errno.get(captured, 0L) + ")");
        }
    }

    private static int descriptor(Channel channel, String purpose) throws IOException {
        try {
            Method descriptor = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
            return (int) descriptor.invoke(channel);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException(purpose + " needs --add-exports java.base/sun.nio.ch=ALL-UNNAMED", e);
        }
    }
}
