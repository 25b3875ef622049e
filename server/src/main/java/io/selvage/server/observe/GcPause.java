package io.selvage.server.observe;

/// A pause of the JVM for garbage collection.
///
/// @param startedMillis its start, in milliseconds since 1970
/// @param millis its duration; the JVM gives no fractions of a millisecond
/// @param collector the name of the collector
/// @param cause why it ran
public record GcPause(long startedMillis, long millis, String collector, String cause) {
    boolean overlaps(long fromMillis, long toMillis) {
        return startedMillis <= toMillis && startedMillis + millis >= fromMillis;
    }
}
