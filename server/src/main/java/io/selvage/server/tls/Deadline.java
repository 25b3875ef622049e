package io.selvage.server.tls;

import io.selvage.server.net.TimedOut;
import java.time.Duration;

/// The end of a time that several waits share.
///
/// @param patience the whole time
/// @param untilNanos its end, [System#nanoTime]
record Deadline(Duration patience, long untilNanos) {

    static Deadline in(Duration patience) {
        return new Deadline(patience, System.nanoTime() + patience.toNanos());
    }

    /// What is left, above zero.
    ///
    /// @throws TimedOut if nothing is
    Duration left() throws TimedOut {
        long nanos = untilNanos - System.nanoTime();
        if (nanos <= 0) {
            throw new TimedOut("not complete in " + patience.toMillis() + " ms");
        }
        return Duration.ofNanos(nanos);
    }
}
