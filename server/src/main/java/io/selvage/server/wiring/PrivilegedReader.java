package io.selvage.server.wiring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// A thread that may still read the files of root when the process has given up root: keys of certificates are readable for root
/// only, and must be read again when they are renewed. Of all rights of root, it keeps this one (`CAP_DAC_READ_SEARCH`,
/// capabilities(7)), and no other thread keeps any.
///
/// The rights of a thread are its own on Linux. `PR_SET_KEEPCAPS` makes this thread keep those that it has when libc changes the
/// user of every thread; then it drops all but the one.
final class PrivilegedReader {
    private static final int PR_SET_KEEPCAPS = 8;
    /// `_LINUX_CAPABILITY_VERSION_3`, with two sets of 32 bits.
    private static final int VERSION = 0x20080522;
    private static final int SETS = 2;
    private static final int INTS_OF_SET = 3;
    /// May override the permissions for all access to files; in containers without the other right.
    private static final int DAC_OVERRIDE = 1 << 1;
    private static final int DAC_READ_SEARCH = 1 << 2;

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("selvage-keys").factory());

    private PrivilegedReader() {
    }

    /// Starts the thread, as root.
    ///
    /// @throws IOException if the system does not let it keep its rights
    static PrivilegedReader start() throws IOException {
        PrivilegedReader reader = new PrivilegedReader();
        reader.run(() -> RunAs.must("prctl", RunAs.call("prctl",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L)));
        return reader;
    }

    /// Drops all rights but that to read files. To be called when the user of the process has changed.
    ///
    /// @throws IOException if that fails; the process must not go on then
    void dropOtherRights() throws IOException {
        run(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment header = arena.allocateFrom(JAVA_INT, VERSION, 0);
                MemorySegment sets = arena.allocate(JAVA_INT, SETS * INTS_OF_SET);
                FunctionDescriptor shape = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);
                RunAs.must("capget", RunAs.call("capget", shape, header, sets));
                int permitted = sets.getAtIndex(JAVA_INT, 1);
                int kept = (permitted & DAC_READ_SEARCH) != 0 ? DAC_READ_SEARCH : permitted & DAC_OVERRIDE;
                sets.fill((byte) 0);
                sets.setAtIndex(JAVA_INT, 0, kept);
                sets.setAtIndex(JAVA_INT, 1, kept);
                RunAs.must("capset", RunAs.call("capset", shape, header, sets));
            }
        });
    }

    /// Runs a task in the thread.
    void execute(Runnable task) {
        thread.execute(task);
    }

    /// A step that may fail.
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void run(Step step) throws IOException {
        Future<?> done = thread.submit(() -> {
            step.run();
            return true;
        });
        try {
            done.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
