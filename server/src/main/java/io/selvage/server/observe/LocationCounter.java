package io.selvage.server.observe;

import java.util.Arrays;

/// Counts the exchanges of a location. For one thread at a time.
final class LocationCounter {
    static final int CLASSES = 6;

    private final TrafficLocation location;
    private final long[] byClass = new long[CLASSES];
    private long received;
    private long sent;

    LocationCounter(TrafficLocation location) {
        this.location = location;
    }

    TrafficLocation location() {
        return location;
    }

    void add(int statusClass, long receivedBytes, long sentBytes) {
        byClass[statusClass]++;
        received += receivedBytes;
        sent += sentBytes;
    }

    /// Moves the counts of another one to this one.
    void take(LocationCounter other) {
        for (int i = 0; i < CLASSES; i++) {
            byClass[i] += other.byClass[i];
            other.byClass[i] = 0;
        }
        received += other.received;
        sent += other.sent;
        other.received = 0;
        other.sent = 0;
    }

    LocationCounts counts() {
        return new LocationCounts(location, Arrays.stream(byClass).boxed().toList(), received, sent);
    }
}
