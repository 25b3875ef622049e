package io.selvage.server.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/// Datagrams over unix sockets, which the JDK does not offer; syslog listens for them on `/dev/log`.
@SuppressWarnings("restricted")
final class LinuxDatagram {
    /// Looked up when the first datagram is sent; later calls are plain jumps.
    private static final class Send {
        private static final MethodHandle FUNCTION = LinuxSocket.function("send",
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    }

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_SIZE = 2;
    private static final int PATH_SIZE = 108;

    private LinuxDatagram() {
    }

    /// Opens a socket whose datagrams go to the socket of this path.
    ///
    /// @return its descriptor, which [#close] gives back
    /// @throws IOException if there is no such socket, or it is not one for datagrams
    static int connect(Path path) throws IOException {
        byte[] name = ByteText.of(path).getBytes(StandardCharsets.ISO_8859_1);
        if (name.length >= PATH_SIZE) {
            throw new IOException("the path of the socket is longer than " + (PATH_SIZE - 1) + " bytes: " + path);
        }
        int descriptor = socket();
        boolean connected = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(FAMILY_SIZE + PATH_SIZE);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, FAMILY_SIZE, name.length);
            MemorySegment errno = LinuxSocket.allocateErrno(arena);
            MethodHandle connect = LinuxSocket.function("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
            int result = (int) connect.invokeExact(errno, descriptor, address, FAMILY_SIZE + name.length + 1);
            LinuxSocket.check(result, errno, "connect(" + path + ")");
            connected = true;
            return descriptor;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("connect cannot be called: " + e, e);
        } finally {
            if (!connected) {
                close(descriptor);
            }
        }
    }

    private static int socket() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = LinuxSocket.allocateErrno(arena);
            MethodHandle socket = LinuxSocket.function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
            int descriptor = (int) socket.invokeExact(errno, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
            LinuxSocket.check(Math.min(descriptor, 0), errno, "socket(AF_UNIX)");
            return descriptor;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("socket cannot be called: " + e, e);
        }
    }

    /// Sends one datagram. Waits while the receiver has no room.
    static void send(int descriptor, byte[] bytes, int from, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(count);
            MemorySegment.copy(bytes, from, data, JAVA_BYTE, 0, count);
            MemorySegment errno = LinuxSocket.allocateErrno(arena);
            long sent = (long) Send.FUNCTION.invokeExact(errno, descriptor, data, (long) count, MSG_NOSIGNAL);
            LinuxSocket.check(sent < 0 ? -1 : 0, errno, "send");
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("send cannot be called: " + e, e);
        }
    }

    static void close(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle close = LinuxSocket.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            int _ = (int) close.invokeExact(LinuxSocket.allocateErrno(arena), descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("close cannot be called", e);
        }
    }
}
