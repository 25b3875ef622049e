package io.selvage.server.observe;

import io.selvage.server.net.Io;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Counters of which each carrier has its own, so that carriers share no cache line; a stripe is the part of one carrier. One
/// thread at a time uses a stripe. A thread that finds the stripe of its carrier in use takes the next one that is free, and
/// there are more stripes than carriers. See server/decisions/0047.
///
/// @param <T> the counters of a stripe, for one thread at a time
final class Stripes<T> {
    private static final int FREE = 0;
    private static final int IN_USE = 1;
    private static final int LINE = 32;                    // states in two cache lines, which processors fetch together
    private static final long RETRY_NANOS = 1_000;

    private final IntSupplier place;
    private final List<T> stripes;                         // their number is a power of two
    private final AtomicIntegerArray states;
    private final AtomicLong dropped = new AtomicLong();

    /// Which stripe a thread uses first.
    ///
    /// @param count the number of threads that count at the same time
    /// @param current returns the number of the calling thread; any number
    record Places(int count, IntSupplier current) {
        /// Threads of carriers have the stripe of their carrier; other threads are spread.
        static Places of(Io io) {
            int count = Math.max(io.places(), Runtime.getRuntime().availableProcessors());
            return new Places(count, io.places() > 1 ? io::place : () -> (int) Thread.currentThread().threadId());
        }
    }

    Stripes(Places places, Supplier<T> fresh) {
        this.place = places.current();
        this.stripes = Stream.generate(fresh).limit(2L * Integer.highestOneBit(places.count())).toList();
        this.states = new AtomicIntegerArray(stripes.size() * LINE);
    }

    /// Changes the counters of a stripe that is free; drops the change if all are in use. Any thread; never waits.
    ///
    /// @param change must not wait
    void update(Consumer<T> change) {
        int first = place.getAsInt();
        for (int i = 0; i < stripes.size(); i++) {
            int stripe = first + i & stripes.size() - 1;
            if (claim(stripe)) {
                use(stripe, change);
                return;
            }
        }
        dropped.incrementAndGet();
    }

    private boolean claim(int stripe) {
        return states.getPlain(stripe * LINE) == FREE
                && states.compareAndExchangeAcquire(stripe * LINE, FREE, IN_USE) == FREE;
    }

    private void use(int claimed, Consumer<T> user) {
        try {
            user.accept(stripes.get(claimed));
        } finally {
            states.setRelease(claimed * LINE, FREE);
        }
    }

    /// The number of changes that were dropped. Any thread.
    long dropped() {
        return dropped.get();
    }

    /// Passes the counters of every stripe, one after the other. Waits while another thread uses a stripe. Not for threads of
    /// carriers.
    void forEach(Consumer<T> reader) {
        for (int stripe = 0; stripe < stripes.size(); stripe++) {
            while (!claim(stripe)) {
                LockSupport.parkNanos(this, RETRY_NANOS);
            }
            use(stripe, reader);
        }
    }
}
