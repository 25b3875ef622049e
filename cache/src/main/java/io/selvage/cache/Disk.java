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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Asks the file system, and reads files into memory. It remembers nothing but how often it did so.
final class Disk {
    private static final Duration COARSEST_TICK = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 3;
    private static final Duration SLOW = Duration.ofMillis(5);
    private static final Duration SLOW_FOR = Duration.ofSeconds(10);

    private final long maxFileSize;
    private final int minUses;
    private final InstantSource wall;
    private final LongSupplier clock;
    private final Executor reading;
    private volatile long slowUntil;                       // whoever found the file system slow; a lost write does no harm
    private final LongAdder asked = new LongAdder();
    private final LongAdder read = new LongAdder();

    Disk(FileCacheSettings settings, LongSupplier clock, InstantSource wall, Executor reading) {
        this.maxFileSize = Math.min(settings.maxFileSize(), settings.maxBytes() / 4);
        this.minUses = settings.minUses();
        this.clock = clock;
        this.slowUntil = clock.getAsLong();
        this.wall = wall;
        this.reading = reading;
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
            boolean holds = stat.equals(old.stat()) && old.settled() && !(isLeftOnDisk(old) && old.uses().get() >= minUses);
            return holds ? old.askedAgain(now) : load(name, stat, now, old.uses());
        } catch (IOException e) {
            return broken(e, now);
        }
    }

    /// Counts a use of a file that could be in memory and is not; true at the use that should bring it there.
    boolean isDue(Entry entry) {
        return isLeftOnDisk(entry) && entry.uses().incrementAndGet() == minUses;
    }

    private boolean isLeftOnDisk(Entry entry) {
        return entry.found() instanceof Found.OnDisk && isFit(entry.stat());
    }

    private boolean isFit(Stat stat) {
        return stat.kind() == Stat.Kind.REGULAR && stat.size() <= maxFileSize;
    }

    private Entry load(FileName name, Stat stat, long now, AtomicInteger uses) {
        if (isFit(stat) && uses.get() >= minUses) {
            try {
                return CompletableFuture.supplyAsync(() -> read(name, stat, now, uses), reading).join();
            } catch (RejectedExecutionException e) {
                return broken(new IOException("nobody is free to read " + name, e), now);
            }
        }
        Found found = switch (stat.kind()) {
            case MISSING   -> new Found.Missing();
            case FORBIDDEN -> new Found.Forbidden();
            case DIRECTORY -> new Found.Directory();
            case OTHER     -> new Found.NotRegular();
            case REGULAR   -> Files.isReadable(name.toPath()) ? new Found.OnDisk(Facts.of(stat), name) : new Found.Forbidden();
        };
        return new Entry(found, stat, now, true, uses);
    }

    /// The bytes belong to the facts only if the file was the same before and after they were read; so this tries until it was.
    private Entry read(FileName name, Stat stat, long now, AtomicInteger uses) {
        Stat before = stat;
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                boolean settled = wall.instant().minus(COARSEST_TICK).isAfter(before.changed().toInstant());
                ByteBuffer bytes = ByteBuffer.allocateDirect((int) before.size());
                readInto(bytes, name);
                Stat after = ask(name);
                if (after.equals(before) && !bytes.hasRemaining()) {
                    var ready = new Found.Ready(Facts.of(after), bytes.flip().asReadOnlyBuffer());
                    return new Entry(ready, after, now, settled, uses);
                }
                if (!isFit(after)) {
                    return load(name, after, now, uses);
                }
                before = after;
            }
        } catch (AccessDeniedException e) {
            return new Entry(new Found.Forbidden(), before, now, true, uses);
        } catch (IOException e) {
            return broken(e, now);
        } catch (OutOfMemoryError e) {
            // Direct memory is used up, which the JDK reports so: the heap is well, and the file can go out from the disk.
        }
        return new Entry(new Found.OnDisk(Facts.of(before), name), before, now, true, uses);
    }

    private void readInto(ByteBuffer bytes, FileName name) throws IOException {
        read.increment();
        try (FileChannel file = FileChannel.open(name.toPath(), StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && file.read(bytes) >= 0) {
            }
        } catch (NoSuchFileException e) {
            // Gone since it was found: the bytes are missing, and the next look at the name tells.
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
        return new Entry(new Found.Broken(why), Stat.MISSING, now, true, new AtomicInteger());
    }
}
