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

/// Bytes that have come and not gone yet, in order: in memory up to a bound, in a file beyond it.
///
/// One thread fills it and ends it, another takes from it and closes it. The file is begun when the memory is full and the taker
/// stays away. From then on everything goes through the file until the taker has caught up; then memory does again.
final class SpillBuffer {
    private static final int FIRST_MEMORY = 4 << 10;
    private static final int PIECE = 32 << 10;
    /// How long the filler waits, in all, for a taker that may be just about to come, before it writes to disk.
    private static final long SPARE_NANOS = Duration.ofMillis(20).toNanos();
    /// Shorter waits do not count: such a taker is as fast as the peer.
    private static final long QUICK_NANOS = Duration.ofMillis(1).toNanos();

    /*
     * Who waits, and who must wake it.
     *
     *   filler: waits on `room` while there is none and nobody has left     <- taker, after each take and when it leaves
     *   taker:  waits on `came` while there is nothing and no end           <- filler, after each fill and at the end
     *
     * All state changes under the lock, and both waits look at the state under it, so no wake-up is lost. Nobody holds it during
     * I/O, which is safe because the two never touch the same bytes:
     *   - The filler alone writes memory behind `held`, and replaces the array under the lock. A take moves `from` and
     *     `held` by the same count, so the place behind them stays where it is.
     *   - The filler alone writes the file behind `fileTo`, and the taker reads it before `fileTo`. The filler begins the file
     *     anew only where all of it was taken, when the taker does not read it.
     *   - While the file holds anything, nothing goes to memory; so memory is always older than the file.
     */
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition came = lock.newCondition();

    private final BufferingOptions bounds;
    private final Consumer<Failure> trouble;

    private byte[] memory;                             // a ring
    private int from;
    private int held;
    private long fileFrom;
    private long fileTo;
    private boolean left;                              // the taker wants nothing more
    private boolean ended;                             // the filler has nothing more
    private @Nullable Failure failure;                 // why, where it was not the end of the bytes
    private @Nullable TempFile file;                   // set once by the filler, before there are bytes in it

    private long mostInFile;                           // the filler's, as those below
    private long spareNanos = SPARE_NANOS;
    private ByteBuffer hollow = ByteBuffer.allocate(0);    // the free part of the memory
    private @Nullable ByteBuffer piece;                // on the way to the file

    /// @param trouble is told when there can be no file; then the filler waits for the taker
    SpillBuffer(BufferingOptions bounds, Consumer<Failure> trouble) {
        this.bounds = bounds;
        this.trouble = trouble;
        this.mostInFile = bounds.inFile();
        this.memory = new byte[Math.min(bounds.inMemory(), FIRST_MEMORY)];
    }

    private enum Place { MEMORY, FILE, NOWHERE }

    /// Waits for room, then reads once from the source.
    ///
    /// @return false when the source has ended, or the taker has left
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
            while (!left) {
                if (fileFrom == fileTo) {
                    fileFrom = 0;
                    fileTo = 0;
                    if (held < bounds.inMemory()) {
                        hollow = hollow();
                        return Place.MEMORY;
                    }
                    if (spareNanos > 0) {
                        spare();
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

    private void spare() {
        try {
            long rest = room.awaitNanos(spareNanos);
            spareNanos = spareNanos - rest < QUICK_NANOS ? spareNanos : rest;
        } catch (InterruptedException _) {
            spareNanos = 0;
            Thread.currentThread().interrupt();
        }
    }

    private ByteBuffer hollow() {
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
        int count = source.read(hollow);
        if (count < 0) {
            return false;
        }
        lock.lock();
        try {
            held += count;
            came.signal();
        } finally {
            lock.unlock();
        }
        return true;
    }

    private boolean hasFile() {
        if (file != null) {
            return true;
        }
        try {
            TempFile opened = TempFile.open(bounds.folder());
            lock.lock();
            try {
                file = opened;
            } finally {
                lock.unlock();
            }
            return true;
        } catch (Failure unwritable) {
            mostInFile = 0;
            trouble.accept(unwritable);
            return false;
        }
    }

    private boolean fillFile(BodySource source) throws Failure {
        ByteBuffer through = piece == null ? ByteBuffer.allocate(PIECE) : piece;
        piece = through;
        through.clear().limit((int) Math.min(PIECE, mostInFile - fileTo));
        if (source.read(through) < 0) {
            return false;
        }
        TempFile opened = file;
        long count = opened == null ? 0 : opened.write(through.flip(), fileTo);
        lock.lock();
        try {
            fileTo += count;
            came.signal();
        } finally {
            lock.unlock();
        }
        Thread.yield();                                // a peer that is never silent must not keep a carrier to itself
        return true;
    }

    /// Nothing more will come. The filler's last call.
    void end(Optional<Failure> why) {
        lock.lock();
        try {
            ended = true;
            failure = why.orElse(null);
            came.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until bytes are there, and takes some.
    ///
    /// @return how many, or -1 behind the last one
    /// @throws Failure behind the bytes that came before it
    int take(ByteBuffer into) throws Failure {
        lock.lock();
        try {
            while (!hasSome()) {
                came.awaitUninterruptibly();
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

    /// Whether a take finds bytes, or the end, without waiting.
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

    /// Nothing more will be taken: ends the filler's wait, waits for its last call, and lets go of the file. The taker's last
    /// call; doing it again does nothing.
    void cancel() {
        TempFile opened;
        lock.lock();
        try {
            left = true;
            room.signal();
            while (!ended) {
                came.awaitUninterruptibly();
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
