package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The leaky buckets of one `limit_req_zone`: one for each key, all with the same leak. Any thread; calls are short and wait only
/// for each other, or for the store of the zone.
///
/// Everything is counted in thousandths of a request. Memory is bounded: a new bucket takes the place of those that
/// have long been empty, or else of up to three that were used least recently. A zone with a store uses the buckets there, and
/// its own while the store is away.
public final class RequestZone {
    /// How long a bucket is kept after its last request even when it is empty, in milliseconds.
    private static final long KEPT = 60_000;
    private static final int BUCKET_BYTES = 128;
    private static final long REQUEST = 1000;

    private final String name;
    private final Text key;
    private final long rate;
    private final long perMillis;
    private final long maxBytes;
    private final Optional<SharedCounters> store;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);   // eldest use first; guarded by this
    private long bytes;                                                                  // guarded by this

    /// @param key requests with the same one share a bucket; those with an empty one are not counted
    /// @param rate thousandths of a request that leak in a second: `5r/s` is 5000, `30r/m` is 500
    /// @param maxBytes for all buckets, as nginx counts them: 128 bytes, more for long keys
    public RequestZone(String name, Text key, long rate, long maxBytes) {
        this(name, key, rate, Duration.ofSeconds(1), maxBytes);
    }

    /// @param rate thousandths of a request that leak in a span of time: 1000 in an hour for `1r/h`
    public RequestZone(String name, Text key, long rate, Duration per, long maxBytes) {
        this(name, key, rate, per, maxBytes, Optional.empty());
    }

    /// @param store counts the requests of several servers
    public RequestZone(String name, Text key, long rate, Duration per, long maxBytes, Optional<SharedCounters> store) {
        if (rate < 1) {
            throw new IllegalArgumentException("zone \"" + name + "\" has no rate");
        }
        this.name = name;
        this.key = key;
        this.rate = rate;
        this.perMillis = per.toMillis();
        this.maxBytes = maxBytes;
        this.store = store;
    }

    /// What became of a request.
    sealed interface Drop {
        /// It is in the bucket.
        ///
        /// @param excess what is in the bucket besides it
        record In(long excess) implements Drop {
        }

        /// It would be, but is not counted yet: [#count] or [#release] must follow, with the same bucket.
        ///
        /// @param shared true if the bucket is in the store
        record Held(boolean shared) implements Drop {
        }

        /// The bucket overflows.
        record Over(long excess) implements Drop {
        }

        /// There is no room for another bucket.
        record NoRoom() implements Drop {
        }
    }

    String name() {
        return name;
    }

    String key(Exchange exchange) {
        return key.apply(exchange);
    }

    /// How long it takes until this much has leaked, in milliseconds.
    long millis(long excess) {
        return excess * perMillis / rate;
    }

    /// Tries to put a request into the bucket of a key.
    ///
    /// @param burst the most that may be in it besides
    /// @param count whether it is counted at once; else the bucket is held
    /// @param now in milliseconds of a clock that does not jump
    Drop drop(String of, long burst, boolean count, long now) {
        if (store.isPresent()) {
            OptionalLong excess = shared(store.get(), of, burst, count);
            if (excess.isPresent()) {
                return excess.getAsLong() > burst ? new Drop.Over(excess.getAsLong())
                        : count ? new Drop.In(excess.getAsLong()) : new Drop.Held(true);
            }
        }
        return dropHere(of, burst, count, now);
    }

    private OptionalLong shared(SharedCounters counters, String of, long burst, boolean count) {
        return counters.drop(name + ":" + of, new SharedCounters.Leak(rate, perMillis), burst, count);
    }

    private synchronized Drop dropHere(String of, long burst, boolean count, long now) {
        Bucket known = buckets.get(of);
        if (known == null) {
            return first(of, count, now);
        }
        long excess = known.excessWithOneMore(now);
        if (excess > burst) {
            return new Drop.Over(excess);
        }
        if (count) {
            known.set(excess, now);
            return new Drop.In(excess);
        }
        known.holders++;
        return new Drop.Held(false);
    }

    /// What would be in the bucket of a key besides one more request: in the store, which may be waited for, or here. Changes
    /// nothing.
    long excess(String of, long now) {
        OptionalLong anywhere = store.isPresent() ? shared(store.get(), of, Long.MAX_VALUE, false) : OptionalLong.empty();
        return anywhere.orElseGet(() -> excessHere(of, now));
    }

    private synchronized long excessHere(String of, long now) {
        Bucket known = buckets.get(of);
        return known == null ? 0 : known.excessWithOneMore(now);
    }

    /// Counts a request whose bucket was held.
    ///
    /// @return what is in the bucket besides it; 0 if the store has become unreachable
    long count(String of, Drop.Held held, long now) {
        return held.shared() && store.isPresent() ? shared(store.get(), of, Long.MAX_VALUE, true).orElse(0) : countHere(of, now);
    }

    private synchronized long countHere(String of, long now) {
        Bucket held = held(of);
        held.set(held.excessWithOneMore(now), now);
        held.holders--;
        return held.excess;
    }

    /// Releases a held bucket without counting the request.
    void release(String of, Drop.Held held) {
        if (!held.shared()) {
            releaseHere(of);
        }
    }

    private synchronized void releaseHere(String of) {
        held(of).holders--;
    }

    private Bucket held(String of) {
        Bucket held = buckets.get(of);
        if (held == null) {
            throw new IllegalStateException("the bucket was not held");
        }
        return held;
    }

    private Drop first(String of, boolean count, long now) {
        forgetEmpty(now);
        long cost = cost(of);
        if (!makeRoom(cost)) {
            return new Drop.NoRoom();
        }
        Bucket bucket = new Bucket();
        bucket.last = now;
        bucket.excess = count ? 0 : -REQUEST;              // counting it will make that nothing
        bucket.holders = count ? 0 : 1;
        buckets.put(of, bucket);
        bytes += cost;
        return count ? new Drop.In(0) : new Drop.Held(false);
    }

    /// Forgets at most two of the eldest buckets, so that no request pays for many.
    private void forgetEmpty(long now) {
        Iterator<Map.Entry<String, Bucket>> eldest = buckets.entrySet().iterator();
        for (int i = 0; i < 2 && eldest.hasNext(); i++) {
            Map.Entry<String, Bucket> entry = eldest.next();
            Bucket bucket = entry.getValue();
            if (bucket.holders > 0 || now - bucket.last < KEPT || bucket.excessWithOneMore(now) > REQUEST) {
                return;
            }
            bytes -= cost(entry.getKey());
            eldest.remove();
        }
    }

    /// Forgets at most three more for it, so that long keys do not drive out many short ones.
    private boolean makeRoom(long cost) {
        Iterator<Map.Entry<String, Bucket>> eldest = buckets.entrySet().iterator();
        for (int i = 0; i < 3 && bytes + cost > maxBytes && eldest.hasNext(); i++) {
            Map.Entry<String, Bucket> entry = eldest.next();
            if (entry.getValue().holders == 0) {
                bytes -= cost(entry.getKey());
                eldest.remove();
            }
        }
        return bytes + cost <= maxBytes;
    }

    private static long cost(String of) {
        return Math.max(BUCKET_BYTES, 64 + of.length());
    }

    synchronized int size() {
        return buckets.size();
    }

    private final class Bucket {
        private long excess;
        private long last;
        private int holders;

        /// What would be in it besides one more request. A clock that lags behind another thread's counts as standing still.
        long excessWithOneMore(long now) {
            long elapsed = Math.max(0, now - last);
            long leaked = elapsed > Long.MAX_VALUE / rate ? Long.MAX_VALUE / perMillis : rate * elapsed / perMillis;
            return Math.max(0, excess - leaked + REQUEST);
        }

        void set(long newExcess, long now) {
            excess = newExcess;
            last = Math.max(last, now);
        }
    }
}
