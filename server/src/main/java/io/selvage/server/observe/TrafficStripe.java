package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What one carrier has counted of exchanges since the last collection. For one thread at a time.
final class TrafficStripe {
    /// After so many collections without a value, the memory of a series is given back.
    private static final int PATIENCE = (int) Duration.ofHours(1).dividedBy(Traffic.INTERVAL);

    private final LatencyStripe latencies = new LatencyStripe(new LatencySeries(LatencyHistory.MOST_SERIES, PATIENCE));
    private final SlowRequestHeap slowest = new SlowRequestHeap();
    private @Nullable LocationCounter[] counters = new LocationCounter[0];   // by number of the location

    /// An exchange that has ended.
    ///
    /// @param log of its location
    /// @param statusClass the first digit of the status of the answer; 0 without an answer
    /// @param nanos from its first byte until the answer was sent
    /// @param received bytes of the request, with its head
    /// @param sent bytes of the answer, with its head
    /// @param attempts the attempts at peers, oldest first
    record Counted(TrafficLog log, int statusClass, long nanos, long received, long sent, List<Attempt> attempts) {
        boolean isTunnel() {
            return !attempts.isEmpty() && attempts.getLast().isTunnel();
        }
    }

    void add(Counted exchange) {
        counter(exchange.log()).add(exchange.statusClass(), exchange.received(), exchange.sent());
        latencies.add(exchange.log().name(), exchange.nanos(), exchange.attempts());
    }

    private LocationCounter counter(TrafficLog log) {
        int number = log.number();
        if (number >= counters.length) {
            counters = Arrays.copyOf(counters, Math.max(number + 1, counters.length * 2));
        }
        LocationCounter counter = counters[number];
        if (counter == null) {
            counter = new LocationCounter(log.location());
            counters[number] = counter;
        }
        return counter;
    }

    /// True if a request of this duration is one of the slowest since the last collection.
    boolean isSlow(long nanos) {
        return nanos > slowest.thresholdNanos();
    }

    void add(SlowRequest request) {
        slowest.add(request);
    }

    /// Moves everything to others.
    ///
    /// @param byNumber the counter of a location
    void collect(LatencyHistory history, IntFunction<LocationCounter> byNumber, Consumer<SlowRequest> slow) {
        latencies.collect(history::add);
        for (int number = 0; number < counters.length; number++) {
            LocationCounter counter = counters[number];
            if (counter != null) {
                byNumber.apply(number).take(counter);
            }
        }
        slowest.drainTo(slow);
    }
}
