package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Status;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The series and phases in which the times of an exchange are counted, without a clock.
class LatencySeriesTest {
    private final LatencySeries series = new LatencySeries(100, 3);

    /// An attempt that was answered, in milliseconds.
    private static Attempt answered(String peer, long queued, long connected, long head, long total) {
        return attempt(peer, Status.OK, queued, connected, head, total);
    }

    private static Attempt attempt(String peer, Status status, long queued, long connected, long head, long total) {
        return new Attempt(Attempt.Peer.alone(peer), status, nanos(queued), -1, nanos(connected), nanos(head), nanos(total),
                Attempt.Traffic.NONE);
    }

    private static long nanos(long millis) {
        return millis < 0 ? -1 : MILLISECONDS.toNanos(millis);
    }

    private void took(String location, long millis, Attempt... attempts) {
        series.add(location, nanos(millis), List.of(attempts));
    }

    /// Every series of the interval with the milliseconds that were counted, rounded down, smallest first.
    private Map<String, String> interval() {
        Map<String, String> all = new TreeMap<>();
        series.endInterval((key, histogram) -> all.put(key.tag(), values(histogram)));
        return all;
    }

    private static String values(Histogram histogram) {
        StringBuilder values = new StringBuilder();
        histogram.recordedValues().forEach(each -> values.append(values.isEmpty() ? "" : " ")
                .append(each.getValueIteratedTo() / 1_000_000)
                .append(each.getCountAtValueIteratedTo() > 1 ? "x" + each.getCountAtValueIteratedTo() : ""));
        return values.toString();
    }

    @Test
    void exchangeWithoutAPeerHasOneTime() {
        took("a/static", 7);
        assertEquals(Map.of("location:a/static", "7"), interval());
    }

    @Test
    void proxiedExchangeHasFourConsecutivePhases() {
        took("a/", 100, answered("127.0.0.1:5000", 10, 5, 45, 75));
        assertEquals(Map.of(
                "location:a/", "100", "location:a/:queue", "10", "location:a/:connect", "5", "location:a/:first-byte", "40",
                "location:a/:body", "30",
                "peer:127.0.0.1:5000", "75", "peer:127.0.0.1:5000:queue", "10", "peer:127.0.0.1:5000:connect", "5",
                "peer:127.0.0.1:5000:first-byte", "40", "peer:127.0.0.1:5000:body", "30"), interval());
    }

    @Test
    void keptConnectionConnectsInZeroTime() {
        took("a/", 20, answered("p:1", 0, 0, 10, 10));
        took("a/", 20, answered("p:1", 0, 3, 10, 10));
        assertEquals("0 3", interval().get("peer:p:1:connect"));
    }

    @Test
    void failedAttemptIsPartOfTheNextQueuePhase() {
        took("a/", 90, attempt("p:1", Status.GATEWAY_TIMEOUT, 5, 1, -1, 50), answered("p:2", 55, 2, 12, 20));
        Map<String, String> interval = interval();
        assertEquals("50", interval.get("peer:p:1:failed"));
        assertEquals(1, interval.keySet().stream().filter(tag -> tag.startsWith("peer:p:1")).count());
        assertEquals("55", interval.get("location:a/:queue"));
        assertEquals("20", interval.get("peer:p:2"));
    }

    @Test
    void unsentAnswerCountsForItsPeerOnly() {
        took("a/", 90, attempt("p:1", Status.SERVICE_UNAVAILABLE, 5, 1, 20, 21), answered("p:2", 30, 2, 12, 20));
        Map<String, String> interval = interval();
        assertEquals("19", interval.get("peer:p:1:first-byte"));
        assertEquals("10", interval.get("location:a/:first-byte"));
    }

    @Test
    void waitsInTheQueueCountForLocationAndUpstream() {
        Attempt.Peer peer = new Attempt.Peer("app", "p:1");
        took("a/", 30, new Attempt(peer, Status.OK, nanos(20), nanos(15), 0, nanos(5), nanos(5), Attempt.Traffic.NONE));
        took("a/", 90, new Attempt(Attempt.Peer.alone("app"), Status.SERVICE_UNAVAILABLE, -1, nanos(80), -1, -1, -1,
                Attempt.Traffic.NONE));
        Map<String, String> interval = interval();
        assertEquals("15 80", interval.get("upstream:app:wait"));
        assertEquals("15 80", interval.get("location:a/:wait"));
        assertEquals("20", interval.get("location:a/:queue"));
        assertEquals("20", interval.get("peer:p:1:queue"));
    }

    @Test
    void peerOfTwoUpstreamsHasASeriesInEach() {
        for (String upstream : List.of("app", "api")) {
            took("a/", 9, new Attempt(new Attempt.Peer(upstream, "p:1"), Status.OK, 0, -1, 0, nanos(5), nanos(5),
                    Attempt.Traffic.NONE));
        }
        Map<String, Long> counts = new TreeMap<>();
        series.endInterval((key, histogram) -> {
            if (key.phase() == LatencyPhase.WHOLE) {
                counts.put(key.upstream() + " " + key.name(), histogram.getTotalCount());
            }
        });
        assertEquals(Map.of(" a/", 2L, "app p:1", 1L, "api p:1", 1L), counts);
    }

    @Test
    void exchangeWithoutAnAttemptHasNoPhases() {
        took("a/", 2, attempt("group", Status.BAD_GATEWAY, -1, -1, -1, -1));
        assertEquals(Map.of("location:a/", "2"), interval());
    }

    @Test
    void durationOfATunnelIsNotCounted() {
        took("a/", 60_000, attempt("p:1", Status.SWITCHING_PROTOCOLS, 1, 2, 5, 59_000));
        assertEquals(Map.of("location:a/:queue", "1", "location:a/:connect", "2", "location:a/:first-byte", "3",
                "peer:p:1:queue", "1", "peer:p:1:connect", "2", "peer:p:1:first-byte", "3"), interval());
    }

    @Test
    void intervalContainsOnlyItsOwnValues() {
        took("a/", 1);
        assertEquals("1", interval().get("location:a/"));
        assertEquals(Map.of(), interval());
        took("a/", 2);
        took("a/", 2);
        assertEquals("2x2", interval().get("location:a/"));
    }

    @Test
    void valuesAreLimitedToOneHour() {
        took("a/", TimeUnit.DAYS.toMillis(3));
        series.add("b/", -1, List.of());         // a clock may be one that is refreshed now and then
        series.endInterval((key, histogram) -> {
            long hour = TimeUnit.HOURS.toNanos(1);
            assertTrue(key.name().equals("b/") ? histogram.getMaxValue() == 0
                    : histogram.getMinNonZeroValue() <= hour && histogram.getMaxValue() >= hour, key::tag);
        });
    }

    @Test
    void tagsAreEscaped() {
        took("a~ ^/x{2,3}/\n50%\u20ac", 1);
        assertEquals(Map.of("location:a~%20^/x{2%2C3}/%0A50%25%u20AC", "1"), interval());
    }

    @Test
    void seriesBeyondTheLimitShareOne() {
        for (int i = 0; i < 150; i++) {
            took("a/" + i, 3);
        }
        took("a/200", 3, answered("p:1", 0, 0, 1, 1));
        Map<String, String> interval = interval();
        assertEquals(100 + 5 + 5, interval.size());
        assertEquals("3x51", interval.get("location:others"));
        assertEquals("1", interval.get("peer:others:first-byte"));
        took("a/7", 3);
        assertEquals(Map.of("location:a/7", "3"), interval());
    }

    @Test
    void unusedSeriesExpires() {
        for (int i = 0; i < 100; i++) {
            took("old/" + i, 1);
        }
        interval();
        for (int i = 0; i < 3; i++) {
            took("old/5", 1);
            took("new/", 1);
            assertEquals(Map.of("location:old/5", "1", "location:others", "1"), interval());
        }
        took("new/", 1);
        assertEquals(Map.of("location:new/", "1"), interval());
    }
}
