package io.selvage.cache;

import java.util.concurrent.atomic.AtomicInteger;

/// What is remembered under one name. Immutable but for the count; a newer look replaces the whole entry.
///
/// @param stat    what the file system said; the entry holds for as long as it says the same
/// @param asked   when that look began, on the cache's clock: the answer is at least this fresh
/// @param settled whether any later change must show in `stat`. A file read just after it was changed may change again
///                within the same tick of the file system's clock, and then looks the same
/// @param uses    looks since the name was first remembered, counted while bytes that could be in memory are not
record Entry(FileLookup found, Stat stat, long asked, boolean settled, AtomicInteger uses) {
    Entry askedAgain(long now) {
        return new Entry(found, stat, now, settled, uses);
    }

    boolean isNo() {
        return found instanceof FileLookup.Missing || found instanceof FileLookup.Forbidden;
    }

    int bytes() {
        return switch (found) {
            case FileLookup.Ready(_, var ready) -> ready.limit();
            case FileLookup.Open(_, var start, _) -> start.limit();
            default -> 0;
        };
    }

    /// Whether a file that was kept open no longer is, although nobody has let go of it.
    boolean isBroken() {
        return found instanceof FileLookup.Open(_, _, var file) && !file.isOpen();
    }

    /// Lets go of what is held beside memory. Once, when no cache has it any more.
    void release() {
        if (found instanceof FileLookup.Open(_, _, var file)) {
            file.done();
        }
    }
}
