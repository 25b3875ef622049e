package io.selvage.perf.load;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// Requests a short time slice for a thread. Linux 6.12 and newer run such a thread as soon as it is woken; otherwise it waits
/// until a busy thread, such as one of the server, has used up its slice of milliseconds. Where the request fails, nothing
/// changes, and the lag of the generator, which is reported, is larger.
final class TimeSlice {
    /// The minimum slice.
    private static final long NANOS = 100_000;
    /// sched_setattr(2), by processor; its C library function is too new to count on.
    private static final long NUMBER = System.getProperty("os.arch").equals("amd64") ? 314 : 274;
    private static final StructLayout ATTRIBUTES = MemoryLayout.structLayout(
            JAVA_INT.withName("size"), JAVA_INT.withName("policy"), JAVA_LONG.withName("flags"),
            JAVA_INT.withName("nice"), JAVA_INT.withName("priority"), JAVA_LONG.withName("runtime"),
            JAVA_LONG.withName("deadline"), JAVA_LONG.withName("period"));
    private static final long RUNTIME = ATTRIBUTES.byteOffset(MemoryLayout.PathElement.groupElement("runtime"));

    private TimeSlice() {
    }

    /// Asks for short turns for the calling platform thread, which otherwise stays as it is.
    @SuppressWarnings("restricted")
    static void shorten() {
        if (!System.getProperty("os.name").equals("Linux")
                || !(System.getProperty("os.arch").equals("amd64") || System.getProperty("os.arch").equals("aarch64"))) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES);
            attributes.set(JAVA_INT, 0, (int) ATTRIBUTES.byteSize());
            attributes.set(JAVA_LONG, RUNTIME, NANOS);
            var shape = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);
            Linker linker = Linker.nativeLinker();
            MemorySegment function = linker.defaultLookup().findOrThrow("syscall");
            var call = linker.downcallHandle(function, shape, Linker.Option.firstVariadicArg(1));
            long ignored = (long) call.invokeExact(NUMBER, 0L, attributes, 0L);
        } catch (Throwable e) {
            // another C library, or native access is not allowed: turns stay as long as they are
        }
    }
}
