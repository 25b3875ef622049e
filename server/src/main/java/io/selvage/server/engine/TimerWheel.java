package io.selvage.server.engine;

import org.jspecify.annotations.Nullable;

/// Deadlines of many waits, in buckets of eight milliseconds. It decides and does nothing: time comes in as an argument.
///
/// Moving a deadline to a later time does not move its entry; the entry moves to its new bucket when the old one comes due. So a
/// connection that sets a deadline for each request pays a store, and a list operation every few seconds.
/// No deadline is reported early; it is reported late by at most one bucket.
///
/// Belongs to one thread.
final class TimerWheel {
    /// No deadline.
    static final long NEVER = Long.MAX_VALUE;

    private static final int SHIFT = 23;
    static final long BUCKET_NANOS = 1L << SHIFT;
    private static final int BUCKETS = 2048;               // 17 seconds; later entries stay for several rounds
    private static final int MASK = BUCKETS - 1;
    private static final long NOTHING = Long.MAX_VALUE;

    /// What may have a deadline. Is in at most one bucket.
    abstract static class Entry {
        private long until = NEVER;
        private long place;                                // the bucket's number, counted on without end; 0 in none, -1 in `due`
        private @Nullable Entry before;
        private @Nullable Entry behind;

        /// Whether the deadline has passed.
        final boolean isOver(long now) {
            return until != NEVER && now - until >= 0;
        }

        final void disarm() {
            until = NEVER;
        }

        /// Its bucket has come due, whether or not the deadline has passed.
        abstract void comesDue(long now);
    }

    private final long start;
    private final @Nullable Entry[] buckets = new Entry[BUCKETS];
    private final long[] taken = new long[BUCKETS / Long.SIZE];   // a bit for each bucket that holds something
    private @Nullable Entry due;                           // a list: out of their bucket, not yet handed out
    private long current = 1;                              // every bucket up to here was emptied
    private long earliest = NOTHING;                       // nothing comes due before this place

    /// @param now [System#nanoTime] at the start
    TimerWheel(long now) {
        start = now - BUCKET_NANOS;
    }

    /// Sets or moves a deadline.
    void arm(Entry entry, long until) {
        entry.until = until;
        long place = Math.max(current + 1, (until - start + BUCKET_NANOS - 1) >> SHIFT);
        if (entry.place == 0) {
            link(entry, place);
        } else if (place < entry.place) {
            unlink(entry);
            link(entry, place);
        }
    }

    /// Removes an entry.
    void remove(Entry entry) {
        entry.until = NEVER;
        if (entry.place != 0) {
            unlink(entry);
        }
    }

    /// Whether [#next] has something to do.
    boolean isDue(long now) {
        return (now - start) >> SHIFT >= earliest;
    }

    /// The time until an entry can come due, in milliseconds and above zero; 0 if there is none.
    long millisToNext(long now) {
        if (earliest == NOTHING) {
            return 0;
        }
        long nanos = (earliest << SHIFT) + start - now;
        return nanos <= 0 ? 1 : nanos / 1_000_000 + 1;
    }

    /// The next entry whose bucket has come due, until there is none. One that has time left is in its later bucket already.
    @Nullable Entry next(long now) {
        long target = (now - start) >> SHIFT;
        while (true) {
            Entry entry = due;
            if (entry == null) {
                if (!advance(target)) {
                    return null;
                }
                continue;
            }
            unlink(entry);
            if (entry.until != NEVER) {
                if (!entry.isOver(now)) {
                    link(entry, Math.max(current + 1, (entry.until - start + BUCKET_NANOS - 1) >> SHIFT));
                }
                return entry;
            }
        }
    }

    /// Empties the next bucket that holds something, up to a place.
    private boolean advance(long target) {
        if (target - current > BUCKETS) {
            current = target - BUCKETS;
        }
        while (current < target) {
            current++;
            int bucket = (int) current & MASK;
            Entry first = buckets[bucket];
            if (first != null) {
                buckets[bucket] = null;
                taken[bucket >> 6] &= ~(1L << bucket);
                due = first;
                for (Entry each = first; each != null; each = each.behind) {
                    each.place = -1;
                }
                return true;
            }
        }
        earliest = nextTaken();
        return false;
    }

    private long nextTaken() {
        int from = (int) (current + 1) & MASK;
        for (int word = 0; word <= taken.length; word++) {
            int index = ((from >> 6) + word) & (taken.length - 1);
            long bits = taken[index];
            if (word == 0) {
                bits &= -1L << from;
            } else if (word == taken.length) {
                bits &= ~(-1L << from);
            }
            if (bits != 0) {
                int bucket = (index << 6) + Long.numberOfTrailingZeros(bits);
                return current + 1 + ((bucket - from) & MASK);
            }
        }
        return NOTHING;
    }

    private void link(Entry entry, long place) {
        int bucket = (int) place & MASK;
        Entry first = buckets[bucket];
        entry.place = place;
        entry.before = null;
        entry.behind = first;
        if (first == null) {
            taken[bucket >> 6] |= 1L << bucket;
        } else {
            first.before = entry;
        }
        buckets[bucket] = entry;
        earliest = Math.min(earliest, place);
    }

    private void unlink(Entry entry) {
        Entry before = entry.before;
        Entry behind = entry.behind;
        if (behind != null) {
            behind.before = before;
        }
        if (before != null) {
            before.behind = behind;
        } else if (entry.place < 0) {
            due = behind;
        } else {
            int bucket = (int) entry.place & MASK;
            buckets[bucket] = behind;
            if (behind == null) {
                taken[bucket >> 6] &= ~(1L << bucket);
            }
        }
        entry.place = 0;
        entry.before = null;
        entry.behind = null;
    }
}
