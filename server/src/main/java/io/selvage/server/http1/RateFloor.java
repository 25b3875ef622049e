package io.selvage.server.http1;

import io.selvage.server.http.MinRate;
import io.selvage.server.net.TimedOut;

/// Judges whether a client is slower than a [MinRate] allows, from how long the server waited for it and what came of that. Pure:
/// time comes in as an argument. Silence is not judged: a time-out ends that.
public final class RateFloor {
    private final boolean savesUp;
    private boolean started;
    private double spareNanos;

    /// @param savesUp whether a client that was fast for a while may be slow for longer than the grace; not where a part of its
    ///        bytes only fills the buffer of a socket
    public RateFloor(boolean savesUp) {
        this.savesUp = savesUp;
    }

    /// Adds a wait that ended because bytes came, or could be sent.
    ///
    /// @param least the same for all calls but for changes of the location
    /// @return whether the client is too slow
    public boolean isBelow(MinRate least, long waitedNanos, long bytes) {
        if (least.isOff()) {
            return false;
        }
        double grace = least.grace().toNanos();
        double spare = (started ? spareNanos : grace) - waitedNanos + least.nanosFor(bytes);
        started = true;
        spareNanos = savesUp ? spare : Math.min(grace, spare);
        return spare < 0;
    }

    /// As [#isBelow], for a client that takes a response.
    ///
    /// @throws TimedOut if it is too slow
    public void checkReader(MinRate least, long waitedNanos, long bytes) throws TimedOut {
        if (isBelow(least, waitedNanos, bytes)) {
            throw new TimedOut("the client takes less than " + least.bytesPerSecond() + " bytes a second");
        }
    }
}
