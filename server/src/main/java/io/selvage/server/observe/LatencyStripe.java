package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Latencies of the exchanges of one carrier since the last collection. For one thread at a time.
///
/// Exchanges are counted in batches: other memory displaces the histograms from the first cache of the processor while a request
/// is served, so the first exchange of a batch waits for them, and the others do not. See server/decisions/0047.
final class LatencyStripe {
    static final int BATCH = 32;

    private final LatencySeries series;
    private final @Nullable Ended[] waiting = new Ended[BATCH];
    private int count;                                     // of those that wait

    private record Ended(String location, long nanos, List<Attempt> attempts) {
    }

    LatencyStripe(LatencySeries series) {
        this.series = series;
    }

    /// Counts an exchange that has ended.
    ///
    /// @param location the name of the location that answered
    /// @param nanos from its first byte until the answer was sent
    /// @param attempts the attempts at peers, oldest first; they do not change any more
    void add(String location, long nanos, List<Attempt> attempts) {
        waiting[count++] = new Ended(location, nanos, attempts);
        if (count == BATCH) {
            countWaiting();
        }
    }

    private void countWaiting() {
        for (int i = 0; i < count; i++) {
            Ended exchange = waiting[i];
            if (exchange != null) {
                series.add(exchange.location(), exchange.nanos(), exchange.attempts());
            }
            waiting[i] = null;
        }
        count = 0;
    }

    /// Passes what was counted, and starts again.
    void collect(LatencySeriesSet.IntervalSink sink) {
        countWaiting();
        series.endInterval(sink);
    }
}
