package io.selvage.server.observe;

import java.util.List;
import java.util.Map;

/// The exchanges that ended in an interval of time.
///
/// @param fromMillis its start, in milliseconds since 1970
/// @param toMillis its end
/// @param latencies the durations in nanoseconds; only series with values
/// @param counts of the locations with exchanges
public record TrafficInterval(long fromMillis, long toMillis, Map<LatencyKey, CompactHistogram> latencies,
        List<LocationCounts> counts) {
    public TrafficInterval {
        latencies = Map.copyOf(latencies);
        counts = List.copyOf(counts);
    }
}
