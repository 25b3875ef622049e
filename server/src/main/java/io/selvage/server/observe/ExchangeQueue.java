package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Status;
import io.selvage.server.net.Io;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/// Bounded queues of ended exchanges, from the threads of connections to one that counts them. Each carrier has its own, so
/// carriers share no cache line. Adding never waits; what finds no room is dropped and counted.
///
/// An exchange without a peer, or with one attempt at a peer that the counting thread has met before, is a row of numbers: it
/// creates no garbage, and no young object is reachable from an old one. The others are objects. See server/decisions/0015.
///
/// @param <T> an exchange that needs an object
final class ExchangeQueue<T> {
    /// The maximum number of exchanges in one queue; a power of two.
    static final int MOST_WAITING = 16_384;
    /// The maximum number of kinds of exchanges: the number of a kind is above the bits of the time.
    static final int MOST_KINDS = 1 << 21;
    /// The maximum number of peers that have a number. Exchanges with other peers are objects.
    static final int MOST_PEERS = 1 << 14;

    private static final int TIME_BITS = 42;
    private static final long TIME_MASK = (1L << TIME_BITS) - 1;
    private static final long HALF_MASK = 0xffff_ffffL;

    private final IntSupplier place;
    private final List<MpscAtomicArrayQueue<T>> objects;   // their number is a power of two
    private final List<NumberRing> alone;                  // as many as objects
    private final List<NumberRing> passed;                 // as many as objects
    private final AtomicLong dropped = new AtomicLong();
    private final Map<Attempt.Peer, Integer> numbers = new ConcurrentHashMap<>();   // of peers; written by the counting thread
    private final List<Attempt.Peer> peers = new ArrayList<>();             // by number; the counting thread's

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

    /// Receives the exchanges without a peer.
    @FunctionalInterface
    interface Sink {
        void take(int kind, long nanos, long extra);
    }

    /// Receives the exchanges with one attempt.
    @FunctionalInterface
    interface PassedSink {
        /// @param attempt its status and its bytes are not those of the exchange
        void take(int kind, long nanos, long extra, Attempt attempt);
    }

    ExchangeQueue(Places places) {
        this.place = places.current();
        int count = Integer.highestOneBit(Math.max(1, places.count() * 2 - 1));
        this.objects = Stream.generate(() -> new MpscAtomicArrayQueue<T>(MOST_WAITING)).limit(count).toList();
        this.alone = Stream.generate(() -> new NumberRing(MOST_WAITING, 2)).limit(count).toList();
        this.passed = Stream.generate(() -> new NumberRing(MOST_WAITING, 5)).limit(count).toList();
    }

    /// Adds an exchange. Any thread; never waits.
    void add(T exchange) {
        if (!objects.get(place()).offer(exchange)) {
            dropped.incrementAndGet();
        }
    }

    /// Adds an exchange without a peer. Any thread; never waits.
    ///
    /// @param kind below [#MOST_KINDS]
    /// @param nanos its duration; values beyond one hour become one hour
    /// @param extra any number
    void add(int kind, long nanos, long extra) {
        if (!alone.get(place()).offer(pair(kind, nanos), extra)) {
            dropped.incrementAndGet();
        }
    }

    /// Adds an exchange with one attempt at a peer. Any thread; never waits.
    ///
    /// @return false if the exchange has to be an object: the peer has no number, there was no answer, the attempt became a
    ///         tunnel, or it took longer than four seconds
    boolean add(int kind, long nanos, long extra, Attempt attempt) {
        long bits = attempt.queuedNanos() | attempt.connectNanos() | attempt.headerNanos() | attempt.totalNanos();
        if (bits >>> Integer.SIZE != 0 || RequestTiming.isTunnel(attempt)) {
            return false;
        }
        Integer peer = numbers.get(attempt.peer());
        if (peer == null) {
            return false;
        }
        if (!passed.get(place()).offer(pair(kind, nanos), extra, pair(peer, attempt.waitedNanos()),
                attempt.queuedNanos() << Integer.SIZE | attempt.connectNanos(),
                attempt.headerNanos() << Integer.SIZE | attempt.totalNanos())) {
            dropped.incrementAndGet();
        }
        return true;
    }

    /// @param number below [#MOST_KINDS]
    /// @param nanos -1 or more
    /// @return not 0
    private static long pair(int number, long nanos) {
        return (long) number << TIME_BITS | Math.clamp(nanos, -1, LatencySeriesSet.LONGEST) + 2;
    }

    private int place() {
        return place.getAsInt() & objects.size() - 1;
    }

    /// Gives numbers to the peers of an exchange, so that the next one with such a peer needs no object. The counting thread's.
    void meet(List<Attempt> attempts) {
        for (Attempt attempt : attempts) {
            if (peers.size() < MOST_PEERS && !numbers.containsKey(attempt.peer())) {
                peers.add(attempt.peer());
                numbers.put(attempt.peer(), peers.size() - 1);
            }
        }
    }

    /// Removes the waiting exchanges. One thread at a time.
    void drain(Consumer<T> into, Sink aloneInto, PassedSink passedInto) {
        for (MpscAtomicArrayQueue<T> queue : objects) {
            queue.drain(into::accept, MOST_WAITING);
        }
        for (NumberRing ring : alone) {
            ring.drain(row -> aloneInto.take(number(row[0]), nanos(row[0]), row[1]));
        }
        for (NumberRing ring : passed) {
            ring.drain(row -> passedInto.take(number(row[0]), nanos(row[0]), row[1], attempt(row)));
        }
    }

    private Attempt attempt(long[] row) {
        return new Attempt(peers.get(number(row[2])), Status.OK, row[3] >>> Integer.SIZE, nanos(row[2]), row[3] & HALF_MASK,
                row[4] >>> Integer.SIZE, row[4] & HALF_MASK, Attempt.Traffic.NONE);
    }

    private static int number(long pair) {
        return (int) (pair >>> TIME_BITS);
    }

    private static long nanos(long pair) {
        return (pair & TIME_MASK) - 2;
    }

    /// The number of dropped exchanges.
    long dropped() {
        return dropped.get();
    }
}
