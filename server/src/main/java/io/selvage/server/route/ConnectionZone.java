package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/// How many exchanges of each key are under way (`limit_conn_zone`). Any thread; memory is bounded. A zone with a store counts
/// those of all servers together, and its own while the store is away.
public final class ConnectionZone {
    private static final int COUNTER_BYTES = 64;

    private final String name;
    private final Text key;
    private final long maxBytes;
    private final Optional<SharedCounters> store;
    private final Map<String, Integer> counts = new HashMap<>();   // only those above 0; guarded by this
    private long bytes;                                            // guarded by this

    /// @param key exchanges with the same one are counted together; those with an empty one are not counted
    /// @param maxBytes for all counters, as nginx counts them: 64 bytes, more for long keys
    public ConnectionZone(String name, Text key, long maxBytes) {
        this(name, key, maxBytes, Optional.empty());
    }

    /// @param store counts the exchanges of several servers
    public ConnectionZone(String name, Text key, long maxBytes, Optional<SharedCounters> store) {
        this.name = name;
        this.key = key;
        this.maxBytes = maxBytes;
        this.store = store;
        store.ifPresent(counters -> counters.report(new Counts()));
    }

    String name() {
        return name;
    }

    String key(Exchange exchange) {
        return key.apply(exchange);
    }

    /// Counts one more, unless there are as many already, or no room is left for another counter.
    boolean enter(String of, int most) {
        if (store.isPresent()) {
            Optional<Boolean> entered = store.get().enter(shared(of), most);
            if (entered.isPresent()) {
                return entered.get() && enterAfter(store.get(), of);
            }
        }
        return enterHere(of, most);
    }

    /// Counts here what the store has counted, unless no room is left for another counter.
    private boolean enterAfter(SharedCounters counters, String of) {
        boolean entered = enterHere(of, Integer.MAX_VALUE);
        if (!entered) {
            counters.leave(shared(of));
        }
        return entered;
    }

    private String shared(String of) {
        return name + ":" + of;
    }

    private synchronized boolean enterHere(String of, int most) {
        int count = counts.getOrDefault(of, 0);
        if (count >= most || count == 0 && bytes + cost(of) > maxBytes) {
            return false;
        }
        bytes += count == 0 ? cost(of) : 0;
        counts.put(of, count + 1);
        return true;
    }

    /// How many of a key are under way, on all servers where the store counts, which may be waited for.
    int countAnywhere(String of) {
        return store.map(counters -> counters.count(shared(of))).orElseGet(OptionalInt::empty).orElseGet(() -> count(of));
    }

    /// How many of a key are under way here.
    synchronized int count(String of) {
        return counts.getOrDefault(of, 0);
    }

    void leave(String of) {
        leaveHere(of);
        store.ifPresent(counters -> counters.leave(shared(of)));
    }

    private synchronized void leaveHere(String of) {
        if (counts.merge(of, -1, Integer::sum) <= 0) {
            counts.remove(of);
            bytes -= cost(of);
        }
    }

    synchronized int size() {
        return counts.size();
    }

    private static long cost(String of) {
        return COUNTER_BYTES + Math.max(0, of.length() - 16);
    }

    /// The counters as the store knows them.
    private final class Counts implements SharedCounters.LocalCounts {
        @Override
        public Set<String> names() {
            synchronized (ConnectionZone.this) {
                return counts.keySet().stream().map(ConnectionZone.this::shared).collect(Collectors.toSet());
            }
        }

        @Override
        public int count(String counter) {
            synchronized (ConnectionZone.this) {
                return ConnectionZone.this.count(counter.substring(name.length() + 1));
            }
        }
    }
}
