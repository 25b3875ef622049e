package io.selvage.server.wiring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/// Changes the user of the process from root to another, through libc (`user`).
///
/// libc's functions change every thread of the process; the bare system calls change one thread only.
@SuppressWarnings("restricted")
final class RunAs {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    /// Offset of the ids: after two pointers, both in `struct passwd` (uid, then gid) and in `struct group` (gid).
    private static final long IDS_AT = 2 * ADDRESS.byteSize();

    private RunAs() {
    }

    static boolean isRoot() throws IOException {
        return call("geteuid", FunctionDescriptor.of(JAVA_INT)) == 0;
    }

    /// Changes to the groups and the id of the user, permanently.
    ///
    /// @param group replaces the user's own group, if present
    /// @throws IOException if there is no such user or group, or root privileges could not be dropped completely
    static void user(String user, Optional<String> group) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(user);
            MemorySegment account = find(arena, "getpwnam", "user", user);
            int uid = account.get(JAVA_INT, IDS_AT);
            int gid = group.isPresent()
                    ? find(arena, "getgrnam", "group", group.get()).get(JAVA_INT, IDS_AT)
                    : account.get(JAVA_INT, IDS_AT + JAVA_INT.byteSize());
            FunctionDescriptor oneId = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
            must("initgroups", call("initgroups", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), name, gid));
            must("setgid", call("setgid", oneId, gid));
            must("setuid", call("setuid", oneId, uid));
            if (uid != 0 && call("setuid", oneId, 0) == 0) {
                throw new IOException("root was given up for \"" + user + "\" but can be taken back");
            }
        }
    }

    private static MemorySegment find(Arena arena, String function, String kind, String name) throws IOException {
        MethodHandle handle = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function),
                FunctionDescriptor.of(ADDRESS, ADDRESS));
        MemorySegment found;
        try {
            found = (MemorySegment) handle.invokeExact(arena.allocateFrom(name));
        } catch (Throwable e) {
            throw new IOException(function + " failed", e);
        }
        if (found.equals(MemorySegment.NULL)) {
            throw new IOException("there is no " + kind + " \"" + name + "\"");
        }
        return found.reinterpret(IDS_AT + 2 * JAVA_INT.byteSize());
    }

    static void must(String function, int result) throws IOException {
        if (result != 0) {
            throw new IOException(function + " failed" + (result > 0 ? " (errno " + result + ")" : ""));
        }
    }

    /// Calls a function of libc.
    ///
    /// @return 0, or the error number; for `geteuid` its result
    static int call(String function, FunctionDescriptor shape, Object... arguments) throws IOException {
        MethodHandle handle = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(function), shape,
                Linker.Option.captureCallState("errno"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ERRNO);
            Object[] all = new Object[arguments.length + 1];
            all[0] = errno;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            int result = (int) handle.invokeWithArguments(all);
            return result == -1 ? (int) ERRNO_VALUE.get(errno, 0L) : result;
        } catch (Throwable e) {
            throw new IOException(function + " failed", e);
        }
    }
}
