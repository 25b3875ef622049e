package io.selvage.server.observe;

import java.util.concurrent.atomic.AtomicLongArray;

/// A bounded queue of rows of numbers, from any threads to one thread, in a fixed array: no lock, no garbage, and no references
/// from old to new objects. All rows have the same width. The first number of a row is never 0.
final class NumberRing {
    /*
     * The states of a row.
     *
     * Producers move the tail, the consumer moves the head; row n is at index n modulo the capacity.
     *
     *   empty (0) --tail moved from n to n + 1 by CAS--> claimed (0) --numbers stored--> full --read, 0 stored--> drained (0)
     *         --head moved beyond n--> empty, for n + capacity
     *
     * Producer:  moves the tail only while it is less than the capacity ahead of the head, so its row was drained. It loads the
     *            head with acquire: the 0 stored by the consumer happened before, and cannot overwrite the row.
     *            It stores the other numbers before it releases the first, which the consumer acquires.
     * Consumer:  stops at the first 0, which is an unclaimed row or one whose producer has not stored yet, and does not
     *            overtake it. It moves the head at the end with release. Proof: perf/src/jcstress, NumberRingRace.
     */
    private static final int TAIL = 16;                    // in cache lines of their own
    private static final int HEAD = 32;

    private final AtomicLongArray ends = new AtomicLongArray(48);
    private final AtomicLongArray numbers;
    private final int capacity;
    private final int width;
    private final long[] row;                              // the consumer's

    /// Receives the rows.
    @FunctionalInterface
    interface Sink {
        /// @param row is overwritten by the next one
        void take(long[] row);
    }

    /// @param capacity the number of rows, a power of two
    /// @param width the number of numbers in a row
    NumberRing(int capacity, int width) {
        this.capacity = capacity;
        this.width = width;
        this.numbers = new AtomicLongArray(capacity * width);
        this.row = new long[width];
    }

    /// Adds a row of two numbers. Any thread; never waits.
    ///
    /// @param first not 0
    /// @return false if the ring is full
    boolean offer(long first, long second) {
        int at = claim();
        if (at >= 0) {
            numbers.setPlain(at + 1, second);
            numbers.setRelease(at, first);
        }
        return at >= 0;
    }

    /// Adds a row of five numbers. Any thread; never waits.
    ///
    /// @param first not 0
    /// @return false if the ring is full
    boolean offer(long first, long second, long third, long fourth, long fifth) {
        int at = claim();
        if (at >= 0) {
            numbers.setPlain(at + 1, second);
            numbers.setPlain(at + 2, third);
            numbers.setPlain(at + 3, fourth);
            numbers.setPlain(at + 4, fifth);
            numbers.setRelease(at, first);
        }
        return at >= 0;
    }

    /// Claims a row for the caller.
    ///
    /// @return the index of its first number; -1 if the ring is full
    private int claim() {
        while (true) {
            long tail = ends.get(TAIL);
            if (tail - ends.getAcquire(HEAD) >= capacity) {
                return -1;
            }
            if (ends.weakCompareAndSetVolatile(TAIL, tail, tail + 1)) {
                return index(tail);
            }
        }
    }

    /// Removes the available rows, at most as many as fit into the array. One thread at a time.
    void drain(Sink into) {
        long from = ends.getPlain(HEAD);
        long at = from;
        while (at - from < capacity && read(index(at))) {
            at++;
            into.take(row);
        }
        ends.setRelease(HEAD, at);
    }

    /// Moves a row into [#row], and marks it as empty.
    ///
    /// @return false if it has not been stored yet
    private boolean read(int at) {
        long first = numbers.getAcquire(at);
        if (first == 0) {
            return false;
        }
        row[0] = first;
        for (int i = 1; i < width; i++) {
            row[i] = numbers.getPlain(at + i);
        }
        numbers.setPlain(at, 0);
        return true;
    }

    private int index(long number) {
        return (int) (number & capacity - 1) * width;
    }
}
