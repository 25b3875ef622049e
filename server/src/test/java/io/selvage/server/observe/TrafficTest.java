package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What is counted of exchanges, with a clock that the test moves.
class TrafficTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final TrafficLocation SHOP = new TrafficLocation("shop.example", "/");

    private final List<String> warnings = new ArrayList<>();
    private Instant now = NOON;
    private final Traffic traffic = new Traffic(new Stripes.Places(1, () -> 0), () -> now, warnings::add);
    private final TrafficLog shop = (TrafficLog) traffic.log(SHOP);

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /// An exchange of the shop without a peer.
    private void took(long millis, int statusClass) {
        traffic.add(new TrafficStripe.Counted(shop, statusClass, millis(millis), 10, 100, List.of()), () -> slow(0, millis));
    }

    /// An exchange of the shop with attempts at peers.
    private void passed(List<Attempt> attempts) {
        traffic.add(new TrafficStripe.Counted(shop, 2, millis(90), 10, 100, attempts), () -> slow(0, 90));
    }

    private static SlowRequest slow(long startedMillis, long millis) {
        return new SlowRequest(startedMillis, millis(millis), "GET", "/", 200, SHOP, List.of(), List.of());
    }

    private void waitFor(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(Traffic.INTERVAL);
            traffic.count();
        }
    }

    private static Map<String, Long> counts(Map<LatencyKey, Histogram> histograms) {
        return histograms.entrySet().stream()
                .collect(Collectors.toMap(each -> each.getKey().tag(), each -> each.getValue().getTotalCount()));
    }

    private LocationCounts counted() {
        return traffic.counts().stream().filter(each -> each.location().equals(SHOP)).findFirst().orElseThrow();
    }

    @Test
    void exchangesAreCountedByLocationAndStatusClass() {
        took(1, 2);
        took(1, 2);
        took(1, 4);
        took(1, 0);
        assertEquals(new LocationCounts(SHOP, List.of(1L, 0L, 2L, 0L, 1L, 0L), 40, 400), counted());
        assertEquals(4, counted().requests());
    }

    @Test
    void equalLocationsShareTheirCounts() {
        assertEquals(shop, traffic.log(new TrafficLocation("shop.example", "/")));
    }

    @Test
    void manyBytesAreCountedExactly() {
        for (int i = 0; i < 2; i++) {
            traffic.add(new TrafficStripe.Counted(shop, 2, 1, 1L << 33, 1L << 40, List.of()), () -> slow(0, 1));
        }
        assertEquals(1L << 34, counted().received());
        assertEquals(1L << 41, counted().sent());
    }

    @Test
    void attemptsAreCountedByPhase() {
        List<Attempt> attempts = List.of(
                new Attempt(Attempt.Peer.alone("p:1"), Status.GATEWAY_TIMEOUT, millis(5), -1, millis(1), -1, millis(50),
                        Attempt.Traffic.NONE),
                new Attempt(Attempt.Peer.alone("p:2"), Status.OK, millis(55), -1, millis(2), millis(12), millis(20),
                        Attempt.Traffic.NONE));
        passed(attempts);
        Map<String, Long> counts = counts(traffic.lifetime());
        assertEquals(1L, counts.get("peer:p:1:failed"));
        assertEquals(1L, counts.get("peer:p:2"));
        assertEquals(1L, counts.get("location:shop.example/:first-byte"));
        assertEquals(1 + 5 + 5, counts.size());
    }

    @Test
    void windowContainsTheExchangesThatEndedInIt() {
        took(1, 2);
        waitFor(Duration.ofSeconds(60));
        took(2, 2);
        waitFor(Duration.ofSeconds(60));
        took(3, 2);
        assertEquals(Map.of("location:shop.example/", 1L), counts(traffic.latencies(Duration.ofSeconds(10))));
        assertEquals(Map.of("location:shop.example/", 2L), counts(traffic.latencies(Duration.ofSeconds(61))));
        assertEquals(Map.of("location:shop.example/", 3L), counts(traffic.latencies(Traffic.WINDOW)));
        Histogram last = traffic.latencies(Duration.ofSeconds(10)).values().iterator().next();
        assertTrue(last.valuesAreEquivalent(last.getMaxValue(), millis(3)));
    }

    @Test
    void intervalsAreForgottenAfterFifteenMinutesButLifetimeIsNot() {
        took(1, 5);
        waitFor(Traffic.INTERVAL);
        assertEquals(List.of(1, 0), traffic.intervals().stream().map(each -> each.counts().size()).toList());
        waitFor(Traffic.INTERVAL.multipliedBy(89));
        assertEquals(91, traffic.intervals().size());
        assertEquals(1, traffic.latencies(Traffic.WINDOW.plusHours(1)).size());
        waitFor(Traffic.INTERVAL);
        assertEquals(91, traffic.intervals().size());
        assertEquals(Map.of(), traffic.latencies(Traffic.WINDOW.plusHours(1)));
        assertEquals(Map.of("location:shop.example/", 1L), counts(traffic.lifetime()));
        assertEquals(1, counted().requests());
    }

    @Test
    void seriesWithoutValuesForADayIsRemoved() {
        took(1, 2);
        waitFor(Traffic.INTERVAL);
        waitFor(Duration.ofDays(1));
        assertEquals(Map.of(), traffic.lifetime());
    }

    @Test
    void countsOfAnIntervalAreThoseThatWereAdded() {
        took(1, 2);
        waitFor(Traffic.INTERVAL);
        took(1, 5);
        took(1, 5);
        List<TrafficInterval> intervals = traffic.intervals();
        assertEquals(List.of(new LocationCounts(SHOP, List.of(0L, 0L, 1L, 0L, 0L, 0L), 10, 100)), intervals.get(0).counts());
        assertEquals(List.of(new LocationCounts(SHOP, List.of(0L, 0L, 0L, 0L, 0L, 2L), 20, 200)), intervals.get(1).counts());
        assertEquals(NOON.toEpochMilli(), intervals.get(0).fromMillis());
        assertEquals(NOON.toEpochMilli() + 10_000, intervals.get(0).toMillis());
    }

    @Test
    void clockThatIsSetBackEndsTheInterval() {
        took(1, 2);
        now = now.minusSeconds(100);
        traffic.count();
        TrafficInterval first = traffic.intervals().getFirst();
        assertEquals(first.fromMillis(), first.toMillis());
        assertEquals(1, first.counts().size());
    }

    @Test
    void locationsBeyondTheLimitAreCountedTogether() {
        for (int i = 0; i < Traffic.MOST_LOCATIONS + 10; i++) {
            TrafficLog log = (TrafficLog) traffic.log(new TrafficLocation("a", "/" + i));
            traffic.add(new TrafficStripe.Counted(log, 2, 1, 1, 1, List.of()), () -> slow(0, 1));
        }
        assertEquals(Traffic.MOST_LOCATIONS, traffic.counts().size());
        LocationCounts others = traffic.counts().getFirst();
        assertEquals(TrafficLocation.OTHERS, others.location());
        assertEquals(12, others.requests());
        waitFor(Traffic.INTERVAL);
        assertEquals(1, warnings.size());
        assertEquals("the metrics count at most 1000 locations and 500 series of durations apart: what exceeds that is counted as"
                + " \"others\"", warnings.getFirst());
    }

    @Test
    void peersBeyondTheLimitAreCountedTogether() {
        for (int i = 0; i < 1000; i++) {
            passed(List.of(new Attempt(Attempt.Peer.alone("p:" + i), Status.GATEWAY_TIMEOUT, 1, -1, 1, -1, 1,
                    Attempt.Traffic.NONE)));
        }
        Map<String, Long> counts = counts(traffic.lifetime());
        assertEquals(LatencyHistory.MOST_SERIES + 1, counts.size());
        assertEquals(501L, counts.get("peer:others:failed"));
        waitFor(Traffic.INTERVAL);
        waitFor(Traffic.INTERVAL);
        assertEquals(1, warnings.size());
    }

    @Test
    void exchangesThatFindNoFreeStripeAreReported() {
        traffic.add(new TrafficStripe.Counted(shop, 2, 3, 1, 1, List.of()), () -> {
            traffic.add(new TrafficStripe.Counted(shop, 2, 2, 1, 1, List.of()), () -> {
                took(1, 2);
                return slow(0, 1);
            });
            return slow(0, 1);
        });
        assertEquals(1, traffic.dropped());
        waitFor(Traffic.INTERVAL);
        waitFor(Traffic.INTERVAL);
        assertEquals(List.of("1 exchanges were not counted in the metrics, because too many ended at once"), warnings);
        assertEquals(2, counted().requests());
        took(1, 2);
        assertEquals(3, counted().requests());
    }

    private void tookSlow(long millis) {
        traffic.add(new TrafficStripe.Counted(shop, 2, millis(millis), 1, 1, List.of()),
                () -> slow(now.toEpochMilli() - millis, millis));
    }

    private List<Long> slowest() {
        return traffic.slowest().stream().map(each -> each.nanos() / 1_000_000).toList();
    }

    @Test
    void slowestRequestsOfTheWindowAreKept() {
        for (int i = 1; i <= 100; i++) {
            tookSlow(i);
            if (i % 10 == 0) {
                traffic.count();
            }
        }
        assertEquals(IntStream.rangeClosed(76, 100).mapToObj(i -> 176L - i).toList(), slowest());
        assertTrue(!traffic.isSlow(millis(76)) && traffic.isSlow(millis(77)));
        waitFor(Duration.ofMinutes(1));
        assertTrue(traffic.isSlow(0));
        tookSlow(90);
        assertEquals(List.of(100L, 99L, 98L, 97L, 96L, 95L, 94L, 93L, 92L, 91L, 90L, 90L), slowest().subList(0, 12));
        waitFor(Duration.ofMinutes(14).plusSeconds(30));
        assertEquals(List.of(90L), slowest());
        waitFor(Duration.ofMinutes(1));
        assertEquals(List.of(), slowest());
    }

    @Test
    void slowRequestIsCutToItsBounds() {
        var exchange = FakeClient.asks("GET /" + "a".repeat(300) + "?secret=1 HTTP/1.1");
        IntStream.range(0, 20).forEach(i -> exchange.addAttempt(
                new Attempt(Attempt.Peer.alone("p:" + i), Status.OK, 0, -1, 0, 0, 0, Attempt.Traffic.NONE)));
        SlowRequest slow = SlowRequests.request(exchange, SHOP, 200, 5);
        assertEquals("/" + "a".repeat(254) + "\u2026", slow.path());
        assertEquals(16, slow.attempts().size());
        assertEquals("p:19", slow.attempts().getLast().peer().address());
        assertEquals("/short", SlowRequests.request(FakeClient.asks("GET /short?x HTTP/1.1"), SHOP, 200, 5).path());
    }

    @Test
    void pausesOverlapTheRequestsTheyFallInto() {
        GcPause pause = new GcPause(1000, 5, "Copy", "Allocation Failure");
        assertTrue(pause.overlaps(1005, 2000) && pause.overlaps(900, 1000) && pause.overlaps(1001, 1002));
        assertTrue(!pause.overlaps(1006, 2000) && !pause.overlaps(900, 999));
    }
}
