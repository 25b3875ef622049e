package io.selvage.soak;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The results of the clients. Safe for any number of threads.
final class Tally {
    private static final int MOST_TOLD = 20;

    private final Map<Client.Kind, Long> right = new EnumMap<>(Client.Kind.class);     // guarded by this
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private long gaveWay;                                                              // guarded by this

    synchronized void right(Client.Kind kind, int answers) {
        right.merge(kind, (long) answers, Long::sum);
    }

    /// Counts a connection that the server closed before a byte of the answer, as it may do to make room for others.
    synchronized void gaveWay() {
        gaveWay++;
    }

    synchronized long countGaveWay() {
        return gaveWay;
    }

    void wrong(Client.Kind kind, Throwable what) {
        wrong.add(kind + ": " + what);
    }

    /// The first wrong answers, and their number.
    List<String> wrong() {
        List<String> all = List.copyOf(wrong);
        return all.size() <= MOST_TOLD ? all : List.of(all.size() + " wrong answers, the first: " + all.subList(0, MOST_TOLD));
    }

    @Override
    public synchronized String toString() {
        return "right answers: " + right + ", closed before an answer: " + gaveWay + ", wrong: " + wrong.size();
    }
}
