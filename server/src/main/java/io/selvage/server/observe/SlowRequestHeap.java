package io.selvage.server.observe;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The slowest of some requests, at most [SlowRequests#MOST]. For one thread at a time.
final class SlowRequestHeap {
    private final PriorityQueue<SlowRequest> slowest = new PriorityQueue<>(Comparator.comparingLong(SlowRequest::nanos));

    /// A request is one of the slowest if it takes longer than this; -1 while there is room for any.
    long thresholdNanos() {
        SlowRequest least = slowest.size() < SlowRequests.MOST ? null : slowest.peek();
        return least == null ? -1 : least.nanos();
    }

    /// Adds a request, and removes the fastest one if there are too many.
    void add(SlowRequest request) {
        slowest.add(request);
        if (slowest.size() > SlowRequests.MOST) {
            slowest.remove();
        }
    }

    /// In no order.
    Stream<SlowRequest> stream() {
        return slowest.stream();
    }

    /// Passes all requests and forgets them.
    void drainTo(Consumer<SlowRequest> receiver) {
        slowest.forEach(receiver);
        slowest.clear();
    }
}
