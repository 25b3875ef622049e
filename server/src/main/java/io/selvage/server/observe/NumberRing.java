package io.selvage.server.observe;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/// Numbers other than 0 that any threads hand to one, in a fixed array: no lock, no garbage, and nothing for the collector to
/// follow from old objects to new ones.
final class NumberRing {
    /*
     * Who owns a slot.
     *
     * The tail is moved by those who offer, the head by the one who drains; slot n stands at n modulo the capacity.
     *
     *   empty (0) --tail moved from n to n + 1 by CAS--> claimed (0) --number stored--> full --read, 0 stored--> drained (0)
     *         --head moved beyond n--> empty, for n + capacity
     *
     * Offering:  moves the tail only while it is less than a capacity ahead of the head, so the slot is one that was drained.
     *            The head is loaded with acquire: the 0 that the drainer stored came before, and cannot overwrite the number.
     * Draining:  stops at the first 0, be it one that nobody has claimed or one whose owner has not stored yet, and does not
     *            overtake it. The head is moved at the end with release. Proof: perf/src/jcstress, NumberRingRace.
     */
    private static final int TAIL = 16;                    // far from each other and from other objects
    private static final int HEAD = 32;

    private final AtomicLongArray ends = new AtomicLongArray(48);
    private final AtomicLongArray slots;

    /// @param capacity a power of two
    NumberRing(int capacity) {
        this.slots = new AtomicLongArray(capacity);
    }

    /// Any thread; never waits.
    ///
    /// @return whether there was room
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

    /// Takes out what is there, at most as much as there is room for. One thread only.
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
