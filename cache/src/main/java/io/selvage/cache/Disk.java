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
import java.util.function.LongSupplier;

/// Asks the file system, reads files into memory, and opens those that are too long for it. It remembers nothing but how often it
/// did so.
final class Disk {
    /// So much of an open file is in memory, to leave in one piece with the head of an answer.
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
    private volatile long slowUntil;                       // whoever found the file system slow; a lost write does no harm
    private final LongAdder asked = new LongAdder();
    private final LongAdder read = new LongAdder();

    Disk(FileCacheSettings settings, LongSupplier clock, InstantSource wall, Executor reading, OpenFiles open) {
        this.maxFileSize = Math.min(settings.maxFileSize(), settings.maxBytes() / 4);
        this.minUses = settings.minUses();
        this.clock = clock;
        this.slowUntil = clock.getAsLong();
        this.wall = wall;
        this.reading = reading;
        this.open = settings.maxBytes() == 0 ? new OpenFiles(0) : open;
    }

    /// How often the file system was asked about a name.
    long asked() {
        return asked.sum();
    }

    /// How often a file was read into memory.
    long read() {
        return read.sum();
    }

    /// Looks for a name of which nothing is known.
    Entry look(FileName name, long now) {
        try {
            return load(name, askOrHaveAsked(name), now, new AtomicInteger(1));
        } catch (IOException e) {
            return broken(e, now);
        }
    }

    /// Looks whether `old` still holds, and loads the file anew if not.
    Entry lookAgain(FileName name, Entry old, long now) {
        try {
            Stat stat = askOrHaveAsked(name);
            boolean better = isLeftOnDisk(old) && old.uses().get() >= minUses || old.isBroken();
            boolean holds = stat.equals(old.stat()) && old.settled() && !better;
            return holds ? old.askedAgain(now) : load(name, stat, now, old.uses());
        } catch (IOException e) {
            return broken(e, now);
        }
    }

    /// Counts a use of a file that could be in memory, or open, and is not; true at the use that should bring it there.
    boolean isDue(Entry entry) {
        return isLeftOnDisk(entry) && entry.uses().incrementAndGet() == minUses || entry.isBroken();
    }

    private boolean isLeftOnDisk(Entry entry) {
        return entry.found() instanceof FileLookup.OnDisk;
    }

    private boolean isFit(Stat stat) {
        return stat.kind() == Stat.Kind.REGULAR && stat.size() <= maxFileSize;
    }

    private Entry load(FileName name, Stat stat, long now, AtomicInteger uses) {
        boolean worthwhile = isFit(stat) || stat.kind() == Stat.Kind.REGULAR && open.hasRoom();
        if (worthwhile && uses.get() >= minUses) {
            try {
                return CompletableFuture.supplyAsync(() -> read(name, stat, now, uses), reading).join();
            } catch (RejectedExecutionException e) {
                return broken(new IOException("nobody is free to read " + name, e), now);
            }
        }
        FileLookup found = switch (stat.kind()) {
            case MISSING   -> new FileLookup.Missing();
            case FORBIDDEN -> new FileLookup.Forbidden();
            case DIRECTORY -> new FileLookup.Directory();
            case OTHER     -> new FileLookup.NotRegular();
            case REGULAR   -> Files.isReadable(name.toPath()) ? new FileLookup.OnDisk(FileMetadata.of(stat), name)
                    : new FileLookup.Forbidden();
        };
        return new Entry(found, stat, now, true, uses);
    }

    /// The bytes belong to the facts only if the file was the same before and after they were read; so this tries until it was.
    private Entry read(FileName name, Stat stat, long now, AtomicInteger uses) {
        Stat before = stat;
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                boolean settled = wall.instant().minus(COARSEST_TICK).isAfter(before.changed().toInstant());
                Entry entry = new Entry(isFit(before) ? whole(before, name) : opened(before, name), before, now, settled, uses);
                Stat after = askedFor(entry, name);
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
            return new Entry(new FileLookup.Forbidden(), before, now, true, uses);
        } catch (IOException e) {
            return broken(e, now);
        } catch (OutOfMemoryError e) {
            // Direct memory is used up, which the JDK reports so: the heap is well, and the file can go out from the disk.
        }
        return new Entry(new FileLookup.OnDisk(FileMetadata.of(before), name), before, now, true, uses);
    }

    /// All of a file in memory, unless it is gone or shorter than was said.
    private FileLookup whole(Stat stat, FileName name) throws IOException {
        read.increment();
        try (FileChannel file = FileChannel.open(name.toPath(), StandardOpenOption.READ)) {
            ByteBuffer bytes = beginning(file, (int) stat.size());
            boolean whole = bytes.remaining() == stat.size();
            return whole ? new FileLookup.Ready(FileMetadata.of(stat), bytes)
                    : new FileLookup.OnDisk(FileMetadata.of(stat), name);
        } catch (NoSuchFileException e) {
            return new FileLookup.OnDisk(FileMetadata.of(stat), name);             // the next look at the name tells
        }
    }

    /// A file kept open, unless it is gone, shorter than was said, or one too many.
    private FileLookup opened(Stat stat, FileName name) throws IOException {
        Optional<SharedFile> shared;
        try {
            shared = SharedFile.open(name.toPath(), open);
        } catch (NoSuchFileException e) {
            shared = Optional.empty();
        }
        if (shared.isEmpty()) {
            return new FileLookup.OnDisk(FileMetadata.of(stat), name);
        }
        SharedFile file = shared.get();
        int length = (int) Math.min(stat.size(), START);
        boolean kept = false;
        try {
            ByteBuffer start = beginning(file.channel(), length);
            kept = start.remaining() == length;
            return kept ? new FileLookup.Open(FileMetadata.of(stat), start, file)
                    : new FileLookup.OnDisk(FileMetadata.of(stat), name);
        } finally {
            if (!kept) {
                file.done();
            }
        }
    }

    /// The first bytes of a file; fewer than asked for where it has no more.
    private static ByteBuffer beginning(FileChannel file, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length);
        while (bytes.hasRemaining() && file.read(bytes, bytes.position()) >= 0) {
        }
        return bytes.flip().asReadOnlyBuffer();
    }

    /// What stands under the name now; where nobody can tell, what was read is let go of.
    private Stat askedFor(Entry entry, FileName name) throws IOException {
        boolean told = false;
        try {
            Stat stat = ask(name);
            told = true;
            return stat;
        } finally {
            if (!told) {
                entry.release();
            }
        }
    }

    /// In the thread that looks, as long as that is quick: the kernel has the answer. A file system that has to ask a disk or
    /// another machine holds up one look; those after it are made by threads that may wait.
    private Stat askOrHaveAsked(FileName name) throws IOException {
        long began = clock.getAsLong();
        Stat stat = began - slowUntil < 0 ? haveAsked(name) : ask(name);
        long ended = clock.getAsLong();
        if (ended - began > SLOW.toNanos()) {
            slowUntil = ended + SLOW_FOR.toNanos();
        }
        return stat;
    }

    private Stat haveAsked(FileName name) throws IOException {
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
            throw new IOException("nobody is free to look for " + name, e);
        }
    }

    private Stat ask(FileName name) throws IOException {
        asked.increment();
        return name.isTooLong() ? Stat.MISSING : Stat.of(name.toPath());
    }

    private static Entry broken(IOException why, long now) {
        return new Entry(new FileLookup.Broken(why), Stat.MISSING, now, true, new AtomicInteger());
    }
}
