package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Status;
import java.util.List;

/// What an exchange took, to be counted later.
///
/// @param location the name of the location that it ended in
/// @param wholeNanos from its first byte until the answer was sent
/// @param attempts at peers, oldest first
record RequestTiming(String location, long wholeNanos, List<Attempt> attempts) {

    /// Whether it became a tunnel: how long one stays open is no latency.
    boolean isTunnel() {
        return !attempts.isEmpty() && isTunnel(attempts.getLast());
    }

    static boolean isTunnel(Attempt attempt) {
        return attempt.status().code() == Status.SWITCHING_PROTOCOLS.code();
    }

    static boolean isAnswered(Attempt attempt) {
        return attempt.headerNanos() >= 0;
    }
}
