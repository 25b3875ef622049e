package io.selvage.server.observe;

import java.util.concurrent.atomic.AtomicLongArray;

/// A bounded queue of pairs of numbers, from any threads to one thread, in a fixed array: no lock, no garbage, and no references
/// from old to new objects. The first number of a pair is never 0.
final class NumberRing {
    /*
     * The states of a slot.
     *
     * Producers move the tail, the consumer moves the head; slot n is at index n modulo the capacity.
     *
     *   empty (0) --tail moved from n to n + 1 by CAS--> claimed (0) --pair stored--> full --read, 0 stored--> drained (0)
     *         --head moved beyond n--> empty, for n + capacity
     *
     * Producer:  moves the tail only while it is less than the capacity ahead of the head, so its slot was drained. It loads the
     *            head with acquire: the 0 stored by the consumer happened before, and cannot overwrite the pair.
     *            It stores the second number before it releases the first, which the consumer acquires.
     * Consumer:  stops at the first 0, which is an unclaimed slot or one whose producer has not stored yet, and does not
     *            overtake it. It moves the head at the end with release. Proof: perf/src/jcstress, NumberRingRace.
     */
    private static final int TAIL = 16;                    // in cache lines of their own
    private static final int HEAD = 32;

    private final AtomicLongArray ends = new AtomicLongArray(48);
    private final AtomicLongArray slots;

    /// Receives the pairs.
    @FunctionalInterface
    interface Sink {
        void take(long first, long second);
    }

    /// @param capacity a power of two
    NumberRing(int capacity) {
        this.slots = new AtomicLongArray(2 * capacity);
    }

    /// Adds a pair. Any thread; never waits.
    ///
    /// @param first not 0
    /// @return false if the ring is full
    boolean offer(long first, long second) {
        while (true) {
            long tail = ends.get(TAIL);
            if (2 * (tail - ends.getAcquire(HEAD)) >= slots.length()) {
                return false;
            }
            if (ends.weakCompareAndSetVolatile(TAIL, tail, tail + 1)) {
                int slot = slot(tail);
                slots.setPlain(slot + 1, second);
                slots.setRelease(slot, first);
                return true;
            }
        }
    }

    /// Removes the available pairs, at most as many as fit into the array. One thread at a time.
    void drain(Sink into) {
        long from = ends.getPlain(HEAD);
        long at = from;
        while (2 * (at - from) < slots.length()) {
            int slot = slot(at);
            long first = slots.getAcquire(slot);
            if (first == 0) {
                break;
            }
            long second = slots.getPlain(slot + 1);
            slots.setPlain(slot, 0);
            at++;
            into.take(first, second);
        }
        ends.setRelease(HEAD, at);
    }

    private int slot(long number) {
        return (int) (2 * number) & slots.length() - 1;
    }
}
