package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.util.List;

/// A request that took long.
///
/// @param startedMillis when its first byte came, in milliseconds since 1970
/// @param nanos its duration, until its answer was sent
/// @param method at most [SlowRequests#MOST_METHOD] characters
/// @param path as it was sent, without the query; at most [SlowRequests#MOST_PATH] characters
/// @param status of the answer; 0 if there was none
/// @param attempts the attempts at peers with their phases, oldest first; at most [SlowRequests#MOST_ATTEMPTS], the last ones
/// @param pauses the pauses of the JVM for garbage collection that fell into it
public record SlowRequest(long startedMillis, long nanos, String method, String path, int status, TrafficLocation location,
        List<Attempt> attempts, List<GcPause> pauses) {
    public SlowRequest {
        attempts = List.copyOf(attempts);
        pauses = List.copyOf(pauses);
    }

    /// When it ended, in milliseconds since 1970.
    public long endedMillis() {
        return startedMillis + nanos / 1_000_000;
    }

    SlowRequest with(List<GcPause> overlapping) {
        return new SlowRequest(startedMillis, nanos, method, path, status, location, attempts, overlapping);
    }
}
