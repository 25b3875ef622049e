package io.selvage.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A cache of files by name. Safe for any number of threads.
///
/// An answer is at most [FileCacheSettings#valid] old. A lookup that finds an older entry queries the file system again, one
/// thread for each name; concurrent lookups of that name wait for it. Nothing runs in the background.
public sealed class FileCache permits ObservedFileCache {
    // The size of an entry without its bytes: name, metadata, future, buffer objects, Caffeine's node.
    private static final int OVERHEAD = 1024;
    private static final Duration LONGEST_NEGATIVE = Duration.ofSeconds(1);

    private final FileCacheSettings settings;
    private final LongSupplier clock;
    private final Disk disk;
    private final AsyncCache<FileName, CacheEntry> entries;

    /// A cache with the system's clocks that reads files in the calling thread and keeps none open.
    public FileCache(FileCacheSettings settings) {
        this(settings, System::nanoTime, InstantSource.system(), Runnable::run, new OpenFiles(0));
    }

    /// @param clock   monotonic, in nanoseconds
    /// @param wall    the clock that the file system takes its timestamps from
    /// @param reading runs the reads of files, while the calling thread waits. The calling thread queries attributes itself,
    ///                except for some seconds after the file system was slow: then `reading` runs these queries too
    /// @param open    limits how many long files are kept open
    public FileCache(FileCacheSettings settings, LongSupplier clock, InstantSource wall, Executor reading, OpenFiles open) {
        this.settings = settings;
        this.clock = clock;
        this.disk = new Disk(settings, clock, wall, reading, open, this::charge);
        int share = (int) Math.min(Integer.MAX_VALUE / 2, Math.max(OVERHEAD, settings.maxBytes() / settings.maxEntries()));
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .weigher((FileName name, CacheEntry entry) -> share + name.bytes().length() + entry.bytes())
                .expireAfter(Expiry.accessing((FileName _, CacheEntry entry) -> entry.isNegative() ? LONGEST_NEGATIVE
                        : settings.inactive()))
                .evictionListener((@Nullable FileName _, @Nullable CacheEntry entry, RemovalCause _) -> release(entry))
                .ticker(clock::getAsLong)
                .executor(Runnable::run)
                .recordStats()
                .buildAsync();
    }

    /// Another way into the same cache.
    FileCache(FileCache same) {
        this.settings = same.settings;
        this.clock = same.clock;
        this.disk = same.disk;
        this.entries = same.entries;
    }

    /// The same cache; each look-up through the result is reported.
    ///
    /// @param observer gets the name and what was found, on the thread of the look-up
    public FileCache observed(BiConsumer<FileName, FileLookup> observer) {
        return new ObservedFileCache(this, observer);
    }

    /// Looks up `name`. The answer is at most [FileCacheSettings#valid] old.
    public FileLookup find(FileName name) {
        long now = clock.getAsLong();
        if (settings.maxBytes() == 0) {
            return disk.look(name, now).found();
        }
        var map = entries.asMap();
        while (true) {                                     // repeats only if another thread replaced the entry first
            var known = entries.getIfPresent(name);
            CacheEntry entry = known == null ? null : known.join();
            if (entry != null && isFresh(entry, now) && !disk.isDue(entry)) {
                return entry.found();
            }
            var mine = new CompletableFuture<CacheEntry>();
            if (known == null ? map.putIfAbsent(name, mine) == null : map.replace(name, known, mine)) {
                return fill(mine, name, () -> entry == null ? disk.look(name, now) : lookAgain(name, entry, now));
            }
        }
    }

    /// Forgets one name, for example after [FileLookup.OnDisk#open] returned empty: the next lookup queries the file system.
    public void forget(FileName name) {
        var known = entries.asMap().remove(name);
        if (known != null) {
            known.thenAccept(FileCache::release);
        }
    }

    /// The current counters.
    public FileCacheCounts counts() {
        var cache = entries.synchronous();
        cache.cleanUp();
        var stats = cache.stats();
        long bytes = cache.policy().eviction().orElseThrow().weightedSize().orElse(0);
        return new FileCacheCounts(cache.estimatedSize(), bytes, stats.hitCount(), stats.missCount(), disk.asked(), disk.read(),
                stats.evictionCount());
    }

    private boolean isFresh(CacheEntry entry, long now) {
        Duration limit = entry.isNegative() && LONGEST_NEGATIVE.compareTo(settings.valid()) < 0 ? LONGEST_NEGATIVE
                : settings.valid();
        return now - entry.asked() < limit.toNanos();
    }

    /// Checks an old entry. The new entry keeps what `old` holds, or it is released.
    private CacheEntry lookAgain(FileName name, CacheEntry old, long now) {
        boolean kept = false;
        try {
            CacheEntry entry = disk.lookAgain(name, old, now);
            kept = entry.found() == old.found();
            return entry;
        } finally {
            if (!kept) {
                old.release();
            }
        }
    }

    /// Weighs an entry again, since a variant was added to its file. An entry that was replaced in between is weighed without it.
    private void charge(FileName name, FileVariants variants) {
        var known = entries.getIfPresent(name);
        if (known != null && known.isDone() && !known.isCompletedExceptionally() && known.join().has(variants)) {
            entries.asMap().replace(name, known, known);
        }
    }

    private static void release(@Nullable CacheEntry entry) {
        if (entry != null) {
            entry.release();
        }
    }

    private FileLookup fill(CompletableFuture<CacheEntry> mine, FileName name, Supplier<CacheEntry> look) {
        try {
            CacheEntry entry = look.get();
            mine.complete(entry);
            if (entry.found() instanceof FileLookup.Broken || entry.isNegative() && !settings.errors()) {
                entries.asMap().remove(name, mine);
            }
            return entry.found();
        } catch (RuntimeException | Error e) {
            mine.cancel(false);                            // wakes the waiting lookups; the cache drops a future that failed
            throw e;
        }
    }
}
