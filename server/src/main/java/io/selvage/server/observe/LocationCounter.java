package io.selvage.server.observe;

import java.util.Arrays;

/// Counts the exchanges of a location. For one thread.
final class LocationCounter {
    static final int CLASSES = 6;

    private final TrafficLocation location;
    private final String name;                             // joined once: every exchange is counted under it
    private final long[] byClass = new long[CLASSES];
    private long received;
    private long sent;

    LocationCounter(TrafficLocation location) {
        this.location = location;
        this.name = location.name();
    }

    TrafficLocation location() {
        return location;
    }

    /// The name of the location in [LatencyKey].
    String name() {
        return name;
    }

    void add(int statusClass, long receivedBytes, long sentBytes) {
        byClass[statusClass]++;
        received += receivedBytes;
        sent += sentBytes;
    }

    LocationCounts counts() {
        return new LocationCounts(location, Arrays.stream(byClass).boxed().toList(), received, sent);
    }
}
