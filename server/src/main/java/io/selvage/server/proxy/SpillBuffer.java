package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

import static java.util.Objects.requireNonNull;

/// A queue of bytes between two threads: in memory up to a bound, in a file beyond it.
///
/// One thread, the *filler*, fills and ends it; another, the *taker*, takes from it and cancels it. The file is started when the
/// memory is full and the taker does not come. From then on all bytes go through the file until the taker has caught up.
///
/// Where the file cannot be created, or a write to it fails, the filler goes on without it: it waits for the taker.
final class SpillBuffer {
    private static final int INITIAL_MEMORY = 4 << 10;
    private static final int FILE_BUFFER = 32 << 10;
    /// How long the filler waits for the taker, in total, before it writes to disk.
    private static final long GRACE_NANOS = Duration.ofMillis(20).toNanos();
    /// Shorter waits are not counted: such a taker is as fast as the peer.
    private static final long SHORT_WAIT_NANOS = Duration.ofMillis(1).toNanos();

    /*
     * Who waits, and who must wake it.
     *
     *   filler: waits on `room` while there is none and no cancellation    <- taker, after each take and when it cancels
     *   taker:  waits on `arrived` while there is nothing and no end       <- filler, after each fill and at the end
     *
     * All state changes under the lock, and both waits check the state under it, so no wake-up is lost. The lock is not held
     * during I/O, which is safe because the two threads never touch the same bytes:
     *   - The filler alone writes memory behind `held`, and replaces the array under the lock. A take moves `from` and
     *     `held` by the same count, so the place behind them stays where it is.
     *   - The filler alone writes the file behind `fileTo`, and the taker reads it before `fileTo`. The filler starts the
     *     file again at 0 only when all of it was taken, while the taker does not read it.
     *   - While the file holds anything, nothing goes to memory; so memory is always older than the file.
     */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition arrived = lock.newCondition();

    private final BufferingOptions bounds;
    private final Consumer<Failure> onNoFile;

    private byte[] memory;                             // a ring
    private int from;
    private int held;
    private long fileFrom;
    private long fileTo;
    private boolean cancelled;                         // the taker wants nothing more
    private boolean ended;                             // the filler has nothing more
    private @Nullable Failure failure;                 // why, where it was not the end of the bytes
    private @Nullable TempFile file;                   // set once by the filler, before there are bytes in it

    private long mostInFile;                           // the filler's, as those below
    private long graceNanos = GRACE_NANOS;
    private ByteBuffer free = ByteBuffer.allocate(0);  // the free part of the memory that is filled next
    private @Nullable ByteBuffer fileBuffer;           // on the way to the file

    /// @param onNoFile gets the reason, once, when the file cannot be created or written
    SpillBuffer(BufferingOptions bounds, Consumer<Failure> onNoFile) {
        this.bounds = bounds;
        this.onNoFile = onNoFile;
        this.mostInFile = bounds.inFile();
        this.memory = new byte[Math.min(bounds.inMemory(), INITIAL_MEMORY)];
    }

    private enum Place { MEMORY, FILE, NOWHERE }

    /// Waits for room, then reads once from the source.
    ///
    /// @return false when the source has ended, or the taker has cancelled
    boolean fill(BodySource source) throws Failure {
        return switch (place()) {
            case MEMORY -> fillMemory(source);
            case FILE -> !hasFile() || fillFile(source);
            case NOWHERE -> false;
        };
    }

    private Place place() {
        lock.lock();
        try {
            while (!cancelled) {
                if (fileFrom == fileTo) {
                    fileFrom = 0;
                    fileTo = 0;
                    if (held < bounds.inMemory()) {
                        free = free();
                        return Place.MEMORY;
                    }
                    if (graceNanos > 0) {
                        waitForTaker();
                        continue;
                    }
                }
                if (fileTo < mostInFile) {
                    return Place.FILE;
                }
                room.awaitUninterruptibly();
            }
            return Place.NOWHERE;
        } finally {
            lock.unlock();
        }
    }

    private void waitForTaker() {
        try {
            long rest = room.awaitNanos(graceNanos);
            graceNanos = graceNanos - rest < SHORT_WAIT_NANOS ? graceNanos : rest;
        } catch (InterruptedException _) {
            graceNanos = 0;
            Thread.currentThread().interrupt();
        }
    }

    private ByteBuffer free() {
        if (held == memory.length) {
            byte[] larger = new byte[Math.min(bounds.inMemory(), 2 * held)];
            System.arraycopy(memory, from, larger, 0, held - from);
            System.arraycopy(memory, 0, larger, held - from, from);
            memory = larger;
            from = 0;
        } else if (held == 0) {
            from = 0;
        }
        int end = from + held;
        return end < memory.length ? ByteBuffer.wrap(memory, end, memory.length - end)
                : ByteBuffer.wrap(memory, end - memory.length, memory.length - held);
    }

    private boolean fillMemory(BodySource source) throws Failure {
        int count = source.read(free);
        if (count < 0) {
            return false;
        }
        addToMemory(count);
        return true;
    }

    /// Puts bytes into memory that the file did not take, as the taker makes room: first it takes what the file holds.
    ///
    /// @return false if the taker has cancelled
    private boolean fillMemory(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (place() == Place.NOWHERE) {
                return false;
            }
            int count = Math.min(free.remaining(), bytes.remaining());
            free.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            addToMemory(count);
        }
        return true;
    }

    private void addToMemory(int count) {
        lock.lock();
        try {
            held += count;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasFile() {
        if (file != null) {
            return true;
        }
        try {
            TempFile opened = bounds.folder().open();
            lock.lock();
            try {
                file = opened;
            } finally {
                lock.unlock();
            }
            return true;
        } catch (Failure unwritable) {
            goOnWithoutFile(unwritable);
            return false;
        }
    }

    private void goOnWithoutFile(Failure why) {
        mostInFile = 0;
        onNoFile.accept(why);
    }

    private boolean fillFile(BodySource source) throws Failure {
        ByteBuffer through = fileBuffer == null ? ByteBuffer.allocate(FILE_BUFFER) : fileBuffer;
        fileBuffer = through;
        through.clear().limit((int) Math.min(FILE_BUFFER, mostInFile - fileTo));
        if (source.read(through) < 0) {
            return false;
        }
        through.flip();
        long count;
        try {
            count = requireNonNull(file).write(through, fileTo);
        } catch (Failure unwritable) {
            goOnWithoutFile(unwritable);
            return fillMemory(through.rewind());
        }
        lock.lock();
        try {
            fileTo += count;
            arrived.signal();
        } finally {
            lock.unlock();
        }
        Thread.yield();                                // a peer that always has more must not occupy a carrier
        return true;
    }

    /// Marks the end. The filler's last call.
    ///
    /// @param why the failure that the taker gets behind the last byte; empty for a normal end
    void end(Optional<Failure> why) {
        lock.lock();
        try {
            ended = true;
            failure = why.orElse(null);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until bytes are there, and takes some.
    ///
    /// @return how many, or -1 at the end
    /// @throws Failure the one that [#end] was given, after all bytes before it were taken
    int take(ByteBuffer into) throws Failure {
        lock.lock();
        try {
            while (!hasSome()) {
                arrived.awaitUninterruptibly();
            }
            if (held > 0) {
                return takeMemory(into);
            }
            if (fileFrom == fileTo) {
                if (failure != null) {
                    throw failure;
                }
                return -1;
            }
        } finally {
            lock.unlock();
        }
        return takeFile(into);
    }

    private int takeMemory(ByteBuffer into) {
        int count = Math.min(held, into.remaining());
        int first = Math.min(count, memory.length - from);
        into.put(memory, from, first).put(memory, 0, count - first);
        from = (from + count) % memory.length;
        held -= count;
        room.signal();
        return count;
    }

    private int takeFile(ByteBuffer into) throws Failure {
        TempFile opened;
        long at;
        int limit = into.limit();
        lock.lock();
        try {
            opened = file;
            at = fileFrom;
            into.limit(into.position() + (int) Math.min(into.remaining(), fileTo - at));
        } finally {
            lock.unlock();
        }
        int count = opened == null ? -1 : opened.read(into, at);
        into.limit(limit);
        if (count < 0) {
            throw Failure.here(Failure.What.BUG, "a temporary file is shorter than what was written");
        }
        lock.lock();
        try {
            fileFrom += count;
            room.signal();
        } finally {
            lock.unlock();
        }
        return count;
    }

    /// True if a take finds bytes, or the end, without waiting.
    boolean hasNow() {
        lock.lock();
        try {
            return hasSome();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasSome() {
        return held > 0 || fileFrom < fileTo || ended;
    }

    /// Takes nothing more: ends the filler's wait, waits for its last call, and closes the file. The taker's last call; a second
    /// one does nothing.
    void cancel() {
        TempFile opened;
        lock.lock();
        try {
            cancelled = true;
            room.signal();
            while (!ended) {
                arrived.awaitUninterruptibly();
            }
            opened = file;
        } finally {
            lock.unlock();
        }
        if (opened != null) {
            opened.close();
        }
    }
}
