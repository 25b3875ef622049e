package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Status;
import java.util.List;

/// The durations of an exchange, to be counted later.
///
/// @param location the name of the location that answered
/// @param wholeNanos from its first byte until the answer was sent
/// @param attempts the attempts at peers, oldest first
record RequestTiming(String location, long wholeNanos, List<Attempt> attempts) {

    /// True if the exchange became a tunnel, whose duration is not a latency.
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
