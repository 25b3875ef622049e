package io.selvage.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Files by name: bytes ready to send, or the facts, or why not. Safe for any number of threads.
///
/// An answer is at most [FileCacheSettings#valid] old. Whoever meets an older one asks the file system again, one thread for
/// each name; those who come meanwhile wait for what it learns. Nothing runs in the background.
public final class FileCache {
    // What an entry takes beside its bytes: name, facts, future, buffer objects, Caffeine's node.
    private static final int OVERHEAD = 1024;
    private static final Duration LONGEST_NO = Duration.ofSeconds(1);

    private final FileCacheSettings settings;
    private final LongSupplier clock;
    private final Disk disk;
    private final AsyncCache<FileName, Entry> entries;

    /// A cache on the system's clocks that reads files in the thread that asks and keeps none open.
    public FileCache(FileCacheSettings settings) {
        this(settings, System::nanoTime, InstantSource.system(), Runnable::run, new OpenFiles(0));
    }

    /// @param clock   monotonic, in nanoseconds
    /// @param wall    the time that the file system stamps on files
    /// @param reading runs what reads a file into memory while the thread that asked waits. Facts are asked for in that thread,
    ///                until the file system has been slow to tell; then by `reading` for a while
    /// @param open    how many of those too long to remember may be kept open
    public FileCache(FileCacheSettings settings, LongSupplier clock, InstantSource wall, Executor reading, OpenFiles open) {
        this.settings = settings;
        this.clock = clock;
        this.disk = new Disk(settings, clock, wall, reading, open);
        int share = (int) Math.min(Integer.MAX_VALUE / 2, Math.max(OVERHEAD, settings.maxBytes() / settings.maxEntries()));
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .weigher((FileName name, Entry entry) -> share + name.bytes().length() + entry.bytes())
                .expireAfter(Expiry.accessing((FileName _, Entry entry) -> entry.isNo() ? LONGEST_NO : settings.inactive()))
                .evictionListener((@Nullable FileName _, @Nullable Entry entry, RemovalCause _) -> letGo(entry))
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .recordStats()
                .buildAsync();
    }

    /// What stands under `name` now, or stood there no longer than [FileCacheSettings#valid] ago.
    public FileLookup find(FileName name) {
        long now = clock.getAsLong();
        if (settings.maxBytes() == 0) {
            return disk.look(name, now).found();
        }
        var map = entries.asMap();
        while (true) {                                     // again only if another thread has just done what we were about to do
            var known = entries.getIfPresent(name);
            var mine = new CompletableFuture<Entry>();
            if (known == null) {
                if (map.putIfAbsent(name, mine) == null) {
                    return fill(mine, name, () -> disk.look(name, now));
                }
            } else {
                Entry entry = known.join();
                if (isFresh(entry, now) && !disk.isDue(entry)) {
                    return entry.found();
                }
                if (map.replace(name, known, mine)) {
                    return fill(mine, name, () -> lookAgain(name, entry, now));
                }
            }
        }
    }

    /// Forgets one name, as after [FileLookup.OnDisk#open] came back empty: the next look asks the file system.
    public void forget(FileName name) {
        var known = entries.asMap().remove(name);
        if (known != null) {
            known.thenAccept(FileCache::letGo);
        }
    }

    /// What the cache holds and has done so far.
    public FileCacheCounts counts() {
        var cache = entries.synchronous();
        cache.cleanUp();
        var stats = cache.stats();
        long bytes = cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
        return new FileCacheCounts(cache.estimatedSize(), bytes, stats.hitCount(), stats.missCount(), disk.asked(), disk.read(),
                stats.evictionCount());
    }

    private boolean isFresh(Entry entry, long now) {
        Duration limit = entry.isNo() && LONGEST_NO.compareTo(settings.valid()) < 0 ? LONGEST_NO : settings.valid();
        return now - entry.asked() < limit.toNanos();
    }

    /// What `old` held goes on in the new entry, or is let go of.
    private Entry lookAgain(FileName name, Entry old, long now) {
        boolean goesOn = false;
        try {
            Entry entry = disk.lookAgain(name, old, now);
            goesOn = entry.found() == old.found();
            return entry;
        } finally {
            if (!goesOn) {
                old.release();
            }
        }
    }

    private static void letGo(@Nullable Entry entry) {
        if (entry != null) {
            entry.release();
        }
    }

    private FileLookup fill(CompletableFuture<Entry> mine, FileName name, Supplier<Entry> look) {
        try {
            Entry entry = look.get();
            mine.complete(entry);
            if (entry.found() instanceof FileLookup.Broken || entry.isNo() && !settings.errors()) {
                entries.asMap().remove(name, mine);
            }
            return entry.found();
        } catch (RuntimeException | Error e) {
            mine.cancel(false);                            // nobody may wait for ever; the cache drops a future that failed
            throw e;
        }
    }
}
