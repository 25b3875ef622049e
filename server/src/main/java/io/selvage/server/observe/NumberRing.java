package io.selvage.server.observe;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/// A bounded queue of numbers other than 0, from any threads to one thread, in a fixed array: no lock, no garbage, and no
/// references from old to new objects.
final class NumberRing {
    /*
     * The states of a slot.
     *
     * Producers move the tail, the consumer moves the head; slot n is at index n modulo the capacity.
     *
     *   empty (0) --tail moved from n to n + 1 by CAS--> claimed (0) --number stored--> full --read, 0 stored--> drained (0)
     *         --head moved beyond n--> empty, for n + capacity
     *
     * Producer:  moves the tail only while it is less than the capacity ahead of the head, so its slot was drained. It loads the
     *            head with acquire: the 0 stored by the consumer happened before, and cannot overwrite the number.
     * Consumer:  stops at the first 0, which is an unclaimed slot or one whose producer has not stored yet, and does not
     *            overtake it. It moves the head at the end with release. Proof: perf/src/jcstress, NumberRingRace.
     */
    private static final int TAIL = 16;                    // in cache lines of their own
    private static final int HEAD = 32;

    private final AtomicLongArray ends = new AtomicLongArray(48);
    private final AtomicLongArray slots;

    /// @param capacity a power of two
    NumberRing(int capacity) {
        this.slots = new AtomicLongArray(capacity);
    }

    /// Adds a number. Any thread; never waits.
    ///
    /// @return false if the ring is full
    boolean offer(long number) {
        while (true) {
            long tail = ends.get(TAIL);
            if (tail - ends.getAcquire(HEAD) >= slots.length()) {
                return false;
            }
            if (ends.weakCompareAndSetVolatile(TAIL, tail, tail + 1)) {
                slots.setRelease(slot(tail), number);
                return true;
            }
        }
    }

    /// Removes the available numbers, at most as many as fit into the array. One thread only.
    void drain(LongConsumer into) {
        long from = ends.getPlain(HEAD);
        long at = from;
        while (at - from < slots.length()) {
            long number = slots.getAcquire(slot(at));
            if (number == 0) {
                break;
            }
            slots.setPlain(slot(at), 0);
            at++;
            into.accept(number);
        }
        ends.setRelease(HEAD, at);
    }

    private int slot(long number) {
        return (int) number & slots.length() - 1;
    }
}
