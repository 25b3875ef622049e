package io.selvage.server.net;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What is closed to make room. With `io jdk` that happens on the calling thread.
class ConnectionLimitTest {
    private static final long NOW = System.nanoTime();
    private static final long SECOND = 1_000_000_000;

    private final List<String> closed = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private ConnectionLimit limit(int most) {
        return new ConnectionLimit(most, Io.jdk(), warnings::add);
    }

    /// A served connection, which takes a place; closing it frees the place.
    private ConnectionPhase served(ConnectionLimit limit, String name) throws InterruptedException {
        assertTrue(limit.acquire(() -> false));
        AtomicReference<ConnectionPhase> phase = new AtomicReference<>();
        phase.set(limit.phase(connection(() -> {
            closed.add(name);
            phase.get().end();
            limit.release();
        })));
        return phase.get();
    }

    /// Two event loops, whose tasks wait until they are run.
    private static Io eventLoops(AtomicInteger place, List<Runnable> tasks) {
        InvocationHandler handler = (_, method, arguments) -> switch (method.getName()) {
            case "places" -> 2;
            case "place" -> place.get();
            case "isConfined" -> true;
            case "at" -> tasks.add((Runnable) arguments[1]) ? null : "";
            default -> throw new UnsupportedOperationException(method.getName());
        };
        return (Io) Proxy.newProxyInstance(Io.class.getClassLoader(), new Class<?>[] {Io.class}, handler);
    }

    private static Connection connection(Runnable whenClosed) {
        InvocationHandler handler = (_, method, _) -> {
            assertEquals("close", method.getName());
            whenClosed.run();
            return null;
        };
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, handler);
    }

    private ConnectionPhase idle(ConnectionLimit limit, String name, long since) throws InterruptedException {
        ConnectionPhase phase = served(limit, name);
        assertTrue(phase.idle(since));
        return phase;
    }

    private ConnectionPhase head(ConnectionLimit limit, String name, long since) throws InterruptedException {
        ConnectionPhase phase = served(limit, name);
        phase.readsHead(since);
        return phase;
    }

    @Test
    void longestIdleConnectionIsClosedFirst() throws InterruptedException {
        ConnectionLimit limit = limit(3);
        idle(limit, "a", NOW - 9 * SECOND);
        ConnectionPhase used = idle(limit, "b", NOW - 8 * SECOND);
        idle(limit, "c", NOW - 7 * SECOND);
        assertTrue(used.busy());
        assertTrue(used.idle(NOW - 6 * SECOND));
        for (String expected : List.of("[a]", "[a, c]", "[a, c, b]")) {
            served(limit, "new");
            assertEquals(expected, closed.toString());
        }
        assertFalse(used.busy());
        assertEquals(List.of("3 worker_connections are not enough, reusing connections"), warnings);
    }

    @Test
    void connectionIsNotClosedBeforeItsTime() throws InterruptedException {
        ConnectionLimit limit = limit(3);
        ConnectionPhase kept = served(limit, "kept");
        kept.idle(NOW - 9 * SECOND, System.nanoTime() + 3600 * SECOND);
        served(limit, "overdue").idle(NOW - 8 * SECOND, System.nanoTime() - SECOND);
        idle(limit, "idle", NOW - 7 * SECOND);
        served(limit, "new");
        served(limit, "new");
        assertEquals(List.of("overdue", "idle"), closed);
        assertFalse(limit.acquire(() -> false));
        kept.idle(NOW - 9 * SECOND, System.nanoTime() - SECOND);
        assertTrue(limit.acquire(() -> true));
        assertEquals(List.of("overdue", "idle", "kept"), closed);
    }

    /// Only the wait for a request ends with the time: a head that has begun has the time for heads.
    @Test
    void drainedConnectionWaitsForARequestUntilItsTime() throws InterruptedException {
        ConnectionPhase kept = served(limit(100), "kept");
        Duration minute = Duration.ofSeconds(60);
        kept.idle(NOW, System.nanoTime() + 30 * SECOND);
        assertEquals(minute, kept.shortened(minute));
        kept.drain();
        assertTrue(kept.shortened(minute).compareTo(Duration.ofSeconds(30)) <= 0);
        assertTrue(kept.busy());
        assertEquals(minute, kept.shortened(minute));
        assertTrue(kept.isLast());
        assertEquals(List.of(), closed);
    }

    @Test
    void anEighthOfTheIdleConnectionsIsClosedAtOnceAtASixteenthOfFreePlaces() throws InterruptedException {
        ConnectionLimit limit = limit(80);
        for (int i = 0; i < 75; i++) {
            idle(limit, "" + i, NOW - SECOND);
        }
        assertEquals(List.of(), closed);
        served(limit, "new");
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8"), closed);
    }

    @Test
    void oldestIncompleteHeadIsClosedIfNoConnectionIsIdle() throws InterruptedException {
        ConnectionLimit limit = limit(3);
        ConnectionPhase first = head(limit, "a", NOW - 9 * SECOND);
        head(limit, "b", NOW - 8 * SECOND);
        served(limit, "busy");
        assertTrue(limit.acquire(() -> true));
        assertEquals(List.of("a"), closed);
        assertFalse(first.busy());
        assertEquals(List.of("3 worker_connections are not enough, closing connections with an incomplete request head"),
                warnings);
    }

    @Test
    void idleConnectionsGoBeforeHeadsUnlessTheyAreFresh() throws InterruptedException {
        ConnectionLimit limit = limit(4);
        head(limit, "old head", NOW - 9 * SECOND);
        idle(limit, "idle", NOW - 8 * SECOND);
        idle(limit, "fresh", NOW + 3600 * SECOND);
        head(limit, "new head", NOW + 7200 * SECOND);
        List<String> closedOneByOne = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            limit.acquire(() -> true);
            closedOneByOne.add(closed.getLast());
        }
        assertEquals(List.of("idle", "old head", "fresh", "new head"), closedOneByOne);
    }

    @Test
    void busyConnectionsAreNotClosed() throws InterruptedException {
        ConnectionLimit limit = limit(3);
        assertTrue(idle(limit, "a", NOW).busy());
        assertTrue(head(limit, "b", NOW).busy());
        ConnectionPhase lingering = served(limit, "c");
        lingering.lingers(NOW);
        assertTrue(lingering.busy());
        List<Boolean> last = new ArrayList<>();
        assertFalse(limit.acquire(() -> {
            last.add(lingering.isLast());
            return last.size() < 2;
        }));
        assertEquals(List.of(true, true), last);
        assertFalse(lingering.isLast());
        assertEquals(List.of(), closed);
        assertEquals(List.of("3 worker_connections are not enough"), warnings);
    }

    @Test
    void connectionThatIsOnlyReadToItsEndIsClosed() throws InterruptedException {
        ConnectionLimit limit = limit(1);
        served(limit, "a").lingers(NOW);
        served(limit, "b");
        assertEquals(List.of("a"), closed);
    }

    @Test
    void noSecondConnectionIsClosedBeforeTheFirstHasEnded() throws InterruptedException {
        ConnectionLimit limit = limit(2);
        limit.acquire(() -> false);
        limit.acquire(() -> false);
        List<String> ending = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            limit.phase(connection(() -> ending.add(name))).idle(NOW - 9 * SECOND);
        }
        List<String> tries = new ArrayList<>();
        assertFalse(limit.acquire(() -> tries.size() < 3 && tries.add("again")));
        assertEquals(List.of("a"), ending);
    }

    /// Which connection is the oldest changes while the event loops are late: each gets a request to close one.
    @Test
    void lateEventLoopClosesNothingAfterAnotherHasMadeRoom() throws InterruptedException {
        AtomicInteger place = new AtomicInteger();
        List<Runnable> tasks = new ArrayList<>();
        ConnectionLimit limit = new ConnectionLimit(2, eventLoops(place, tasks), warnings::add);
        ConnectionPhase first = idle(limit, "first", NOW - 9 * SECOND);
        place.set(1);
        idle(limit, "second", NOW - 8 * SECOND);
        List<Integer> asked = new ArrayList<>();
        assertTrue(limit.acquire(() -> {
            asked.add(tasks.size());
            if (asked.size() == 1) {
                assertTrue(first.busy());
            } else {
                first.idle(NOW - 7 * SECOND);
                tasks.forEach(Runnable::run);
            }
            return true;
        }));
        assertEquals(List.of(1, 2), asked);
        assertEquals(List.of("first"), closed);
    }

    @Test
    void endedConnectionIsForgotten() throws InterruptedException {
        ConnectionLimit limit = limit(1);
        idle(limit, "a", NOW).end();
        assertFalse(limit.acquire(() -> false));
        assertEquals(List.of(), closed);
    }

    @Test
    void runningOutOfDescriptorsClosesIdleConnections() throws InterruptedException {
        ConnectionLimit limit = limit(1000);
        idle(limit, "a", NOW - 9 * SECOND);
        limit.outOfDescriptors("no descriptors");
        limit.outOfDescriptors("no descriptors");
        assertEquals(List.of("a"), closed);
        assertEquals(List.of("no descriptors"), warnings);
    }

    @Test
    void timeoutsAreShortenedBelowAQuarterOfFreePlaces() throws InterruptedException {
        ConnectionLimit limit = limit(40);
        Duration minute = Duration.ofSeconds(60);
        List<Long> seconds = new ArrayList<>();
        for (int taken = 0; taken < 40; taken++) {
            seconds.add(limit.shortened(minute).toSeconds());
            served(limit, "busy");
        }
        seconds.add(limit.shortened(minute).toSeconds());
        assertEquals(List.of(60L, 60L, 54L, 48L, 42L, 36L, 30L, 24L, 18L, 12L, 6L, 1L), seconds.subList(29, 41));
        assertEquals(Duration.ofMillis(200), limit.shortened(Duration.ofMillis(200)));
        limit.set(80);
        assertEquals(minute, limit.shortened(minute));
    }
}
