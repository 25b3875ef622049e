package io.selvage.loadbalancer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

/// The idle connections of one upstream, most recently used first for each address. The pool opens and closes no connection.
/// Safe for any number of threads; a call holds the monitor for one scan of the addresses at most.
///
/// @param <C> the type of a connection
public final class IdlePool<C> {
    private final KeepAlive limits;
    private final LongSupplier nanoClock;
    private final Map<String, Deque<Idle<C>>> byAddress =
            new HashMap<>();   // most recent first; empty queues are removed with the expired
    private int size;
    private boolean draining;

    /// @param nanoClock a monotonic clock in nanoseconds
    public IdlePool(KeepAlive limits, LongSupplier nanoClock) {
        this.limits = limits;
        this.nanoClock = nanoClock;
    }

    /// The history of a connection.
    ///
    /// @param openedNanos the time when it was opened, by the clock of the pool
    /// @param requests the number of requests that it has carried
    public record Facts(long openedNanos, long requests) {
    }

    private record Idle<C>(C connection, long sinceNanos) {
    }

    /// Takes the connection to `address` that became idle last. The caller owns it from now on.
    ///
    /// @return empty if there is none, or if it has been idle for too long
    public synchronized Optional<C> take(String address) {
        Deque<Idle<C>> queue = byAddress.get(address);
        if (queue == null || queue.isEmpty() || isExpired(queue.getFirst(), nanoClock.getAsLong())) {
            return Optional.empty();
        }
        size--;
        return Optional.of(queue.removeFirst().connection());
    }

    /// Adds an idle connection. The pool owns it from now on, unless it is returned.
    ///
    /// @return the connection that the caller must close: this one if it may not be used again, or the one that was idle longest
    ///     if the pool was full
    public synchronized Optional<C> give(String address, C connection, Facts facts) {
        long now = nanoClock.getAsLong();
        boolean worn = facts.requests() >= limits.requests()
                || now - facts.openedNanos() > NANOSECONDS.convert(limits.time());
        if (worn || draining || limits.connections() == 0) {
            return Optional.of(connection);
        }
        Optional<C> pushedOut = size < limits.connections() ? Optional.empty() : Optional.of(removeOldest());
        byAddress.computeIfAbsent(address, _ -> new ArrayDeque<>()).addFirst(new Idle<>(connection, now));
        size++;
        return pushedOut;
    }

    /// Removes the connections that have been idle for too long.
    ///
    /// @return the connections that the caller must close
    public synchronized List<C> expired(long nowNanos) {
        List<C> expired = new ArrayList<>();
        for (Deque<Idle<C>> queue : byAddress.values()) {
            while (!queue.isEmpty() && isExpired(queue.getLast(), nowNanos)) {
                expired.add(queue.removeLast().connection());
            }
        }
        byAddress.values().removeIf(Deque::isEmpty);
        size -= expired.size();
        return expired;
    }

    /// Removes some connections.
    ///
    /// @return the connections that the caller must close
    public synchronized List<C> remove(Predicate<C> unwanted) {
        List<C> removed = new ArrayList<>();
        for (Deque<Idle<C>> queue : byAddress.values()) {
            queue.removeIf(idle -> unwanted.test(idle.connection()) && removed.add(idle.connection()));
        }
        size -= removed.size();
        return removed;
    }

    /// Empties the pool permanently: [#give] returns every later connection.
    ///
    /// @return the connections that the caller must close
    public synchronized List<C> drain() {
        draining = true;
        List<C> all = byAddress.values().stream().flatMap(Deque::stream).map(Idle::connection).toList();
        byAddress.clear();
        size = 0;
        return all;
    }

    /// The number of idle connections.
    public synchronized int size() {
        return size;
    }

    private boolean isExpired(Idle<C> idle, long nowNanos) {
        return nowNanos - idle.sinceNanos() >= NANOSECONDS.convert(limits.timeout());
    }

    private C removeOldest() {
        Deque<Idle<C>> oldest = byAddress.values().stream().filter(queue -> !queue.isEmpty())
                .min((one, other) -> Long.signum(one.getLast().sinceNanos() - other.getLast().sinceNanos())).orElseThrow();
        size--;
        return oldest.removeLast().connection();
    }
}
