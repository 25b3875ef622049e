package io.selvage.server.observe;

import java.util.List;
import java.util.stream.IntStream;

/// Exchanges of a location that have ended. Subrequests are not counted.
///
/// @param byClass their number by the first digit of the status, 1 to 5; at index 0 those without such a status
/// @param received bytes of requests, with heads
/// @param sent bytes of responses, with heads
public record LocationCounts(TrafficLocation location, List<Long> byClass, long received, long sent) {
    public LocationCounts {
        byClass = List.copyOf(byClass);
    }

    /// The number of exchanges.
    public long requests() {
        return byClass.stream().mapToLong(Long::longValue).sum();
    }

    /// What was added since an earlier moment.
    LocationCounts since(LocationCounts earlier) {
        List<Long> more = IntStream.range(0, byClass.size()).mapToObj(i -> byClass.get(i) - earlier.byClass.get(i)).toList();
        return new LocationCounts(location, more, received - earlier.received, sent - earlier.sent);
    }
}
