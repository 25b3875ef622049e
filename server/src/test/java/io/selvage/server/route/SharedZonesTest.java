package io.selvage.server.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Zones of two servers with one store, which goes away and comes back.
class SharedZonesTest {
    private static final long ROOMY = 1 << 20;

    private final Store store = new Store();
    private final ConnectionZone one = new ConnectionZone("zone", _ -> "", ROOMY, Optional.of(store));
    private final ConnectionZone other = new ConnectionZone("zone", _ -> "", ROOMY, Optional.of(store));

    /// Counters in memory.
    private static final class Store implements SharedCounters {
        private final Map<String, Long> buckets = new HashMap<>();
        private final Map<String, Integer> counters = new HashMap<>();
        private final List<LocalCounts> reports = new ArrayList<>();
        private boolean away;

        @Override
        public OptionalLong drop(String bucket, Leak leak, long burst, boolean count) {
            if (away) {
                return OptionalLong.empty();
            }
            long excess = buckets.containsKey(bucket) ? buckets.get(bucket) + 1000 : 0;
            if (count && excess <= burst) {
                buckets.put(bucket, excess);
            }
            return OptionalLong.of(excess);
        }

        @Override
        public Optional<Boolean> enter(String counter, int most) {
            if (away) {
                return Optional.empty();
            }
            boolean room = counters.getOrDefault(counter, 0) < most;
            if (room) {
                counters.merge(counter, 1, Integer::sum);
            }
            return Optional.of(room);
        }

        @Override
        public OptionalInt count(String counter) {
            return away ? OptionalInt.empty() : OptionalInt.of(counters.getOrDefault(counter, 0));
        }

        @Override
        public void leave(String counter) {
            if (!away) {
                counters.merge(counter, -1, Integer::sum);
            }
        }

        @Override
        public void report(LocalCounts counts) {
            reports.add(counts);
        }
    }

    private static RequestZone requests(Store store) {
        return new RequestZone("zone", _ -> "", 1000, Duration.ofSeconds(1), ROOMY, Optional.of(store));
    }

    @Test
    void requestsOfAllServersAreInOneBucket() {
        RequestZone here = requests(store);
        RequestZone there = requests(store);
        assertEquals(new RequestZone.Drop.In(0), here.drop("k", 1000, true, 0));
        assertEquals(new RequestZone.Drop.In(1000), there.drop("k", 1000, true, 0));
        assertEquals(new RequestZone.Drop.Over(2000), here.drop("k", 1000, true, 0));
        assertEquals(new RequestZone.Drop.In(0), there.drop("other", 1000, true, 0));
        assertEquals(Set.of("zone:k", "zone:other"), store.buckets.keySet());
    }

    @Test
    void requestIsCountedInTheBucketThatWasLookedAt() {
        RequestZone zone = requests(store);
        RequestZone.Drop.Held shared = (RequestZone.Drop.Held) zone.drop("k", 1000, false, 0);
        assertEquals(0, store.buckets.size());
        assertEquals(0, zone.count("k", shared, 0));
        assertEquals(1, store.buckets.size());

        store.away = true;
        RequestZone.Drop.Held own = (RequestZone.Drop.Held) zone.drop("k", 1000, false, 0);
        store.away = false;
        assertEquals(0, zone.count("k", own, 0));
        assertEquals(1, zone.size());

        RequestZone.Drop.Held lost = (RequestZone.Drop.Held) zone.drop("k", 5000, false, 0);
        store.away = true;
        assertEquals(0, zone.count("k", lost, 0));
        zone.release("k", lost);
    }

    @Test
    void limitHoldsHereWhileTheStoreIsAway() {
        RequestZone zone = requests(store);
        store.away = true;
        assertEquals(new RequestZone.Drop.In(0), zone.drop("k", 0, true, 0));
        assertEquals(new RequestZone.Drop.Over(1000), zone.drop("k", 0, true, 0));
        assertEquals(new RequestZone.Drop.In(0), zone.drop("k", 0, true, 1000));
    }

    @Test
    void lookAtAZoneShowsWhatAllServersHaveCounted() {
        requests(store).drop("k", 5000, true, 0);
        RequestZone zone = requests(store);
        assertEquals(1000, zone.excess("k", 0));
        assertEquals(1000, zone.excess("k", 0));
        one.enter("k", 9);
        assertEquals(1, other.countAnywhere("k"));
        store.away = true;
        assertEquals(0, zone.excess("k", 0));
        assertEquals(0, other.countAnywhere("k"));
    }

    @Test
    void exchangesOfAllServersAreCountedTogether() {
        assertTrue(one.enter("k", 2));
        assertTrue(other.enter("k", 2));
        assertFalse(one.enter("k", 2));
        other.leave("k");
        assertTrue(one.enter("k", 2));
        assertEquals(1, one.size());
        assertEquals(0, other.size());
    }

    @Test
    void exchangesThatBeganWhileTheStoreWasAwayAreReported() {
        store.away = true;
        assertTrue(one.enter("k", 1));
        assertFalse(one.enter("k", 1));
        assertTrue(other.enter("k", 1));
        SharedCounters.LocalCounts counts = store.reports.getFirst();
        assertEquals(Set.of("zone:k"), counts.names());
        assertEquals(1, counts.count("zone:k"));
        one.leave("k");
        assertEquals(0, counts.count("zone:k"));
        assertEquals(Set.of(), counts.names());
    }

    @Test
    void storeForgetsAnExchangeForWhichThereIsNoRoomHere() {
        ConnectionZone small = new ConnectionZone("small", _ -> "", 0, Optional.of(store));
        assertFalse(small.enter("k", 5));
        assertEquals(0, store.counters.get("small:k"));
    }
}
