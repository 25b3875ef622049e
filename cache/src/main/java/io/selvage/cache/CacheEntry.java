package io.selvage.cache;

import java.util.concurrent.atomic.AtomicInteger;

/// The remembered result for one name. Immutable except for the counter; a newer query replaces the whole entry.
///
/// @param stat    the attributes of the file; the entry is valid while the file system reports the same
/// @param asked   the start of the query, in nanoseconds of the cache's clock: the answer is at least this fresh
/// @param settled true if every later change must show in `stat`. A file that was read soon after a change may change again
///                within the same tick of the file system's clock, and then its attributes stay the same
/// @param uses    lookups since the name was first remembered, counted while the file could be in memory and is not
record CacheEntry(FileLookup found, Stat stat, long asked, boolean settled, AtomicInteger uses) {
    CacheEntry askedAgain(long now) {
        return new CacheEntry(found, stat, now, settled, uses);
    }

    boolean isNegative() {
        return found instanceof FileLookup.Missing || found instanceof FileLookup.Forbidden;
    }

    int bytes() {
        return switch (found) {
            case FileLookup.Ready(var facts, var ready) -> ready.limit() + facts.variants().bytes();
            case FileLookup.Open(var facts, var start, _) -> start.limit() + facts.variants().bytes();
            default -> 0;
        };
    }

    /// True if these are forms of its file.
    boolean has(FileVariants variants) {
        return switch (found) {
            case FileLookup.Ready(var facts, _) -> facts.variants() == variants;
            case FileLookup.Open(var facts, _, _) -> facts.variants() == variants;
            default -> false;
        };
    }

    /// True if a file that the entry keeps open was closed without a release, by an interrupt.
    boolean isBroken() {
        return found instanceof FileLookup.Open(_, _, var file) && !file.isOpen();
    }

    /// Releases the open file, if any. Called once, after the entry has left the cache.
    void release() {
        if (found instanceof FileLookup.Open(_, _, var file)) {
            file.done();
        }
    }
}
