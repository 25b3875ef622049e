package io.selvage.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/// Queries the file system, reads files into memory, and opens those that are too long for it. Its only state is its counters and
/// whether the file system was slow.
final class Disk {
    /// The bytes at the start of an open file that are in memory, to be sent together with the head of an answer.
    private static final int START = 16 << 10;
    private static final Duration COARSEST_TICK = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 3;
    private static final Duration SLOW = Duration.ofMillis(5);
    private static final Duration SLOW_FOR = Duration.ofSeconds(10);

    private final long maxFileSize;
    private final int minUses;
    private final InstantSource wall;
    private final LongSupplier clock;
    private final Executor reading;
    private final OpenFiles open;
    private final BiConsumer<FileName, FileVariants> charge;
    private volatile long slowUntil;                       // written by any thread; a lost write is harmless
    private final LongAdder asked = new LongAdder();
    private final LongAdder read = new LongAdder();

    /// @param charge called when more memory is used for a name, because of its variants
    Disk(FileCacheSettings settings, LongSupplier clock, InstantSource wall, Executor reading, OpenFiles open,
            BiConsumer<FileName, FileVariants> charge) {
        this.maxFileSize = Math.min(settings.maxFileSize(), settings.maxBytes() / 4);
        this.minUses = settings.minUses();
        this.clock = clock;
        this.slowUntil = clock.getAsLong();
        this.wall = wall;
        this.reading = reading;
        this.open = settings.maxBytes() == 0 ? new OpenFiles(0) : open;
        this.charge = charge;
    }

    private FileMetadata described(Stat stat, FileName name) {
        return FileMetadata.of(stat, new FileVariants(variants -> charge.accept(name, variants)));
    }

    /// The number of queries for attributes.
    long asked() {
        return asked.sum();
    }

    /// The number of files read into memory.
    long read() {
        return read.sum();
    }

    /// Looks up a name without an entry.
    CacheEntry look(FileName name, long now) {
        try {
            return load(name, stat(name), now, new AtomicInteger(1));
        } catch (IOException e) {
            return broken(e, now);
        }
    }

    /// Checks whether `old` is still valid, and loads the file again if not.
    CacheEntry lookAgain(FileName name, CacheEntry old, long now) {
        try {
            Stat stat = stat(name);
            boolean loadable = isLeftOnDisk(old) && old.uses().get() >= minUses || old.isBroken();
            boolean valid = stat.equals(old.stat()) && old.settled() && !loadable;
            return valid ? old.askedAgain(now) : load(name, stat, now, old.uses());
        } catch (IOException e) {
            return broken(e, now);
        }
    }

    /// Counts a use of a file that is not in memory and not open. True if this use must load it.
    boolean isDue(CacheEntry entry) {
        return isLeftOnDisk(entry) && entry.uses().incrementAndGet() == minUses || entry.isBroken();
    }

    private boolean isLeftOnDisk(CacheEntry entry) {
        return entry.found() instanceof FileLookup.OnDisk;
    }

    private boolean fitsInMemory(Stat stat) {
        return stat.kind() == Stat.Kind.REGULAR && stat.size() <= maxFileSize;
    }

    private CacheEntry load(FileName name, Stat stat, long now, AtomicInteger uses) {
        boolean worthwhile = fitsInMemory(stat) || stat.kind() == Stat.Kind.REGULAR && open.hasRoom();
        if (worthwhile && uses.get() >= minUses) {
            try {
                return CompletableFuture.supplyAsync(() -> read(name, stat, now, uses), reading).join();
            } catch (RejectedExecutionException e) {
                return broken(new IOException("no thread is free to read " + name, e), now);
            }
        }
        FileLookup found = switch (stat.kind()) {
            case MISSING   -> new FileLookup.Missing();
            case FORBIDDEN -> new FileLookup.Forbidden();
            case DIRECTORY -> new FileLookup.Directory();
            case OTHER     -> new FileLookup.NotRegular();
            case REGULAR   -> Files.isReadable(name.toPath()) ? new FileLookup.OnDisk(described(stat, name), name)
                    : new FileLookup.Forbidden();
        };
        return new CacheEntry(found, stat, now, true, uses);
    }

    /// Reads or opens the file. Bytes and attributes belong together only if the attributes were the same before and after the
    /// read, so this method repeats the read until they are, at most [#ATTEMPTS] times.
    private CacheEntry read(FileName name, Stat stat, long now, AtomicInteger uses) {
        Stat before = stat;
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                boolean settled = wall.instant().minus(COARSEST_TICK).isAfter(before.changed().toInstant());
                CacheEntry entry = new CacheEntry(fitsInMemory(before) ? readWhole(before, name) : keepOpen(before, name),
                        before, now,
                        settled, uses);
                Stat after = statAfterRead(entry, name);
                if (after.equals(before) && !(entry.found() instanceof FileLookup.OnDisk)) {
                    return entry;
                }
                entry.release();
                if (after.kind() != Stat.Kind.REGULAR) {
                    return load(name, after, now, uses);
                }
                before = after;
            }
        } catch (AccessDeniedException e) {
            return new CacheEntry(new FileLookup.Forbidden(), before, now, true, uses);
        } catch (IOException e) {
            return broken(e, now);
        } catch (OutOfMemoryError e) {
            // This is how the JDK reports that direct memory is exhausted. The heap is not, so the file is sent from disk.
        }
        return new CacheEntry(new FileLookup.OnDisk(described(before, name), name), before, now, true, uses);
    }

    /// The whole file in memory, unless it was deleted or is shorter than its attributes say.
    private FileLookup readWhole(Stat stat, FileName name) throws IOException {
        read.increment();
        try (FileChannel file = FileChannel.open(name.toPath(), StandardOpenOption.READ)) {
            ByteBuffer bytes = firstBytes(file, (int) stat.size());
            boolean whole = bytes.remaining() == stat.size();
            return whole ? new FileLookup.Ready(described(stat, name), bytes)
                    : new FileLookup.OnDisk(described(stat, name), name);
        } catch (NoSuchFileException e) {
            return new FileLookup.OnDisk(described(stat, name), name);             // the next lookup shows what happened
        }
    }

    /// An open file, unless it was deleted, is shorter than its attributes say, or exceeds the limit of open files.
    private FileLookup keepOpen(Stat stat, FileName name) throws IOException {
        Optional<SharedFile> shared;
        try {
            shared = SharedFile.open(name.toPath(), open);
        } catch (NoSuchFileException e) {
            shared = Optional.empty();
        }
        if (shared.isEmpty()) {
            return new FileLookup.OnDisk(described(stat, name), name);
        }
        SharedFile file = shared.get();
        int length = (int) Math.min(stat.size(), START);
        boolean kept = false;
        try {
            ByteBuffer start = firstBytes(file.channel(), length);
            kept = start.remaining() == length;
            return kept ? new FileLookup.Open(described(stat, name), start, file)
                    : new FileLookup.OnDisk(described(stat, name), name);
        } finally {
            if (!kept) {
                file.done();
            }
        }
    }

    /// The first `length` bytes of a file; fewer if it is shorter.
    private static ByteBuffer firstBytes(FileChannel file, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
        }
        return bytes.flip().asReadOnlyBuffer();
    }

    /// The attributes after the read. Releases `entry` if the query fails.
    private Stat statAfterRead(CacheEntry entry, FileName name) throws IOException {
        boolean answered = false;
        try {
            Stat stat = ask(name);
            answered = true;
            return stat;
        } finally {
            if (!answered) {
                entry.release();
            }
        }
    }

    /// Queries the attributes in the calling thread while that is fast, that is, while the kernel has them in memory. After one
    /// slow query, for example of a disk or a network mount, the executor makes the next ones. See decision 10.
    private Stat stat(FileName name) throws IOException {
        long began = clock.getAsLong();
        Stat stat = began - slowUntil < 0 ? statOnExecutor(name) : ask(name);
        long ended = clock.getAsLong();
        if (ended - began > SLOW.toNanos()) {
            slowUntil = ended + SLOW_FOR.toNanos();
        }
        return stat;
    }

    private Stat statOnExecutor(FileName name) throws IOException {
        try {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return ask(name);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }, reading).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof UncheckedIOException failed ? failed.getCause() : new IOException(e.getCause());
        } catch (RejectedExecutionException e) {
            throw new IOException("no thread is free to look up " + name, e);
        }
    }

    private Stat ask(FileName name) throws IOException {
        asked.increment();
        return name.isTooLong() ? Stat.MISSING : Stat.of(name.toPath());
    }

    private static CacheEntry broken(IOException why, long now) {
        return new CacheEntry(new FileLookup.Broken(why), Stat.MISSING, now, true, new AtomicInteger());
    }
}
