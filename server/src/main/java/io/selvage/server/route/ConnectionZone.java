package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import java.util.HashMap;
import java.util.Map;

/// How many exchanges of each key are under way (`limit_conn_zone`). Any thread; memory is bounded.
public final class ConnectionZone {
    private static final int COUNTER_BYTES = 64;

    private final String name;
    private final Text key;
    private final long maxBytes;
    private final Map<String, Integer> counts = new HashMap<>();   // only those above 0; guarded by this
    private long bytes;                                            // guarded by this

    /// @param key exchanges with the same one are counted together; those with an empty one are not counted
    /// @param maxBytes for all counters, as nginx counts them: 64 bytes, more for long keys
    public ConnectionZone(String name, Text key, long maxBytes) {
        this.name = name;
        this.key = key;
        this.maxBytes = maxBytes;
    }

    String name() {
        return name;
    }

    String key(Exchange exchange) {
        return key.apply(exchange);
    }

    /// Counts one more, unless there are as many already, or no room is left for another counter.
    synchronized boolean enter(String of, int most) {
        int count = counts.getOrDefault(of, 0);
        if (count >= most || count == 0 && bytes + cost(of) > maxBytes) {
            return false;
        }
        bytes += count == 0 ? cost(of) : 0;
        counts.put(of, count + 1);
        return true;
    }

    /// How many of a key are under way.
    synchronized int count(String of) {
        return counts.getOrDefault(of, 0);
    }

    synchronized void leave(String of) {
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
}
