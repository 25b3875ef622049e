package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class IdlePoolTest {
    private static final Duration A_MOMENT = Duration.ofNanos(1);
    private static final Optional<String> NOTHING = Optional.empty();

    private final VirtualClock clock = new VirtualClock();

    private IdlePool<String> pool(KeepAlive limits) {
        return new IdlePool<>(limits, clock);
    }

    /// Gives a new connection to the pool, a moment after the previous call.
    private Optional<String> give(IdlePool<String> pool, String address, String connection) {
        clock.forward(A_MOMENT);
        return pool.give(address, connection, new IdlePool.Facts(clock.getAsLong(), 1));
    }

    @Test
    void mostRecentConnectionOfTheAddressIsTakenFirst() {
        var pool = pool(KeepAlive.of(4));
        give(pool, "a", "a1");
        give(pool, "a", "a2");
        give(pool, "b", "b1");

        assertEquals(Optional.of("a2"), pool.take("a"));
        assertEquals(Optional.of("a1"), pool.take("a"));
        assertEquals(NOTHING, pool.take("a"));
        assertEquals(Optional.of("b1"), pool.take("b"));
        assertEquals(0, pool.size());
    }

    @Test
    void fullPoolEvictsTheConnectionThatWasIdleLongest() {
        var pool = pool(KeepAlive.of(3));
        assertEquals(NOTHING, give(pool, "a", "a1"));
        assertEquals(NOTHING, give(pool, "b", "b1"));
        assertEquals(NOTHING, give(pool, "a", "a2"));

        assertEquals(Optional.of("a1"), give(pool, "b", "b2"));
        assertEquals(Optional.of("b1"), give(pool, "b", "b3"));
        assertEquals(Optional.of("a2"), give(pool, "c", "c1"));
        assertEquals(3, pool.size());
        assertEquals(NOTHING, pool.take("a"));
    }

    @Test
    void unwantedConnectionsAreRemoved() {
        var pool = pool(KeepAlive.of(4));
        give(pool, "a", "a1");
        give(pool, "b", "b1");
        give(pool, "a", "a2");

        assertEquals(List.of("a2", "a1"), pool.remove(connection -> connection.startsWith("a")));
        assertEquals(1, pool.size());
        assertEquals(NOTHING, pool.take("a"));
        assertEquals(NOTHING, give(pool, "a", "a3"));
        assertEquals(Optional.of("a3"), pool.take("a"));
    }

    @Test
    void poolOfSizeZeroKeepsNone() {
        var pool = pool(KeepAlive.of(0));

        assertEquals(Optional.of("a1"), give(pool, "a", "a1"));
        assertEquals(0, pool.size());
    }

    @Test
    void connectionWithTooManyRequestsIsNotKept() {
        var pool = pool(KeepAlive.of(4).withRequests(100));

        assertEquals(NOTHING, pool.give("a", "a1", new IdlePool.Facts(clock.getAsLong(), 99)));
        assertEquals(Optional.of("a2"), pool.give("a", "a2", new IdlePool.Facts(clock.getAsLong(), 100)));
    }

    @Test
    void oldConnectionIsNotKept() {
        var pool = pool(KeepAlive.of(4).withTime(Duration.ofMinutes(10)));
        var facts = new IdlePool.Facts(clock.getAsLong(), 1);
        clock.forward(Duration.ofMinutes(10));

        assertEquals(NOTHING, pool.give("a", "a1", facts));
        clock.forward(A_MOMENT);
        assertEquals(Optional.of("a2"), pool.give("a", "a2", facts));
    }

    @Test
    void idleConnectionsExpire() {
        var pool = pool(KeepAlive.of(4).withTimeout(Duration.ofSeconds(5)));
        give(pool, "a", "a1");
        clock.forward(Duration.ofSeconds(3));
        give(pool, "a", "a2");
        clock.forward(Duration.ofSeconds(2));

        assertEquals(List.of("a1"), pool.expired(clock.getAsLong()));
        assertEquals(List.of(), pool.expired(clock.getAsLong()));
        assertEquals(Optional.of("a2"), pool.take("a"));
        assertEquals(0, pool.size());
    }

    @Test
    void expiredConnectionIsNotTaken() {
        var pool = pool(KeepAlive.of(4).withTimeout(Duration.ofSeconds(5)));
        give(pool, "a", "a1");
        clock.forward(Duration.ofSeconds(5));

        assertEquals(NOTHING, pool.take("a"));
        assertEquals(List.of("a1"), pool.expired(clock.getAsLong()));
    }

    @Test
    void drainedPoolStaysEmpty() {
        var pool = pool(KeepAlive.of(4));
        give(pool, "a", "a1");
        give(pool, "b", "b1");

        assertEquals(List.of("a1", "b1"), pool.drain().stream().sorted().toList());
        assertEquals(0, pool.size());
        assertEquals(NOTHING, pool.take("a"));
        assertEquals(Optional.of("a2"), give(pool, "a", "a2"));
        assertEquals(List.of(), pool.drain());
    }
}
