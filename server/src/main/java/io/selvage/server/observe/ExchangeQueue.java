package io.selvage.server.observe;

import io.selvage.server.net.Io;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/// Bounded queues of ended exchanges, from the threads of connections to one that counts them. Each carrier has its own, so
/// carriers share no cache line. Adding never waits; what finds no room is dropped and counted. An exchange that fits into two
/// numbers creates no garbage. See server/decisions/0015.
///
/// @param <T> an exchange that needs an object
final class ExchangeQueue<T> {
    /// The maximum number of exchanges in one queue; a power of two.
    static final int MOST_WAITING = 16_384;
    /// The maximum number of kinds of exchanges: the number of a kind is above the bits of the time.
    static final int MOST_KINDS = 1 << 21;

    private static final int TIME_BITS = 42;

    private final IntSupplier place;
    private final List<MpscAtomicArrayQueue<T>> objects;   // their number is a power of two
    private final List<NumberRing> numbers;                // as many as objects
    private final AtomicLong dropped = new AtomicLong();

    /// Which queue a thread uses.
    ///
    /// @param count the minimum number of queues
    /// @param current returns the queue of the calling thread; any number
    record Places(int count, IntSupplier current) {
        /// Threads of carriers have the queue of their carrier; other threads are spread.
        static Places of(Io io) {
            int count = Math.max(io.places(), Runtime.getRuntime().availableProcessors());
            return new Places(count, io.places() > 1 ? io::place : () -> (int) Thread.currentThread().threadId());
        }
    }

    /// Receives the exchanges that fit into numbers.
    @FunctionalInterface
    interface Sink {
        void take(int kind, long nanos, long extra);
    }

    ExchangeQueue(Places places) {
        this.place = places.current();
        int count = Integer.highestOneBit(Math.max(1, places.count() * 2 - 1));
        this.objects = Stream.generate(() -> new MpscAtomicArrayQueue<T>(MOST_WAITING)).limit(count).toList();
        this.numbers = Stream.generate(() -> new NumberRing(MOST_WAITING)).limit(count).toList();
    }

    /// Adds an exchange. Any thread; never waits.
    void add(T exchange) {
        if (!objects.get(place.getAsInt() & objects.size() - 1).offer(exchange)) {
            dropped.incrementAndGet();
        }
    }

    /// Adds an exchange. Any thread; never waits.
    ///
    /// @param kind below [#MOST_KINDS]
    /// @param nanos its duration; values beyond one hour become one hour
    /// @param extra any number
    void add(int kind, long nanos, long extra) {
        long first = (long) kind << TIME_BITS | Math.clamp(nanos, 0, LatencySeriesSet.LONGEST) + 1;
        if (!numbers.get(place.getAsInt() & numbers.size() - 1).offer(first, extra)) {
            dropped.incrementAndGet();
        }
    }

    /// Removes the waiting exchanges. One thread at a time.
    void drain(Consumer<T> into, Sink numbersInto) {
        for (MpscAtomicArrayQueue<T> queue : objects) {
            queue.drain(into::accept, MOST_WAITING);
        }
        for (NumberRing ring : numbers) {
            ring.drain((first, extra) ->
                    numbersInto.take((int) (first >>> TIME_BITS), (first & (1L << TIME_BITS) - 1) - 1, extra));
        }
    }

    /// The number of dropped exchanges.
    long dropped() {
        return dropped.get();
    }
}
