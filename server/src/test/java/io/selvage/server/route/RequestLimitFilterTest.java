package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.RequestLimitFilter.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RequestLimitFilterTest {
    private static final long NO_DELAY = Limit.NO_DELAY;
    private static final long ROOMY = 1 << 20;

    private long now = 1_000_000;                          // milliseconds
    private final List<Long> waits = new ArrayList<>();

    private static RequestZone perSecond(long rate) {
        return new RequestZone("one", e -> e.routing().path(), rate * 1000, ROOMY);
    }

    private RequestLimitFilter limit(LimitRules rules, Limit... limits) {
        Pause virtual = (_, time) -> {
            waits.add(time.toMillis());
            return true;
        };
        return new RequestLimitFilter(List.of(limits), rules, virtual, () -> now, ErrorLog.SILENT);
    }

    private RequestLimitFilter limit(Limit... limits) {
        return limit(LimitRules.DEFAULT, limits);
    }

    /// The result of one request for this path: `ok`, `waits 100`, or a status.
    private String ask(RequestLimitFilter limit, String path) {
        Exchange exchange = FakeClient.asks("GET " + path + " HTTP/1.1", "Host: a");
        waits.clear();
        try {
            FilterResult result = limit.filter(exchange);
            String waited = waits.isEmpty() ? "ok" : "waits " + waits.getFirst();
            return result instanceof Answer.StatusOnly refused ? String.valueOf(refused.status().code()) : waited;
        } catch (Failure e) {
            return e.detail();
        }
    }

    private List<String> asks(RequestLimitFilter limit, int times) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(ask(limit, "/"));
        }
        return all;
    }

    @Test
    void rateIsStrictWithoutBurst() {
        RequestLimitFilter limit = limit(new Limit(perSecond(10), 0, 0));
        assertEquals(List.of("ok", "503"), asks(limit, 2));
        now += 99;
        assertEquals("503", ask(limit, "/"));
        now += 1;
        assertEquals(List.of("ok", "503"), asks(limit, 2));
        assertEquals("ok", ask(limit, "/other"));
    }

    @Test
    void burstIsDelayed() {
        RequestLimitFilter limit = limit(new Limit(perSecond(10), 3000, 0));
        assertEquals(List.of("ok", "waits 100", "waits 200", "waits 300", "503", "503"), asks(limit, 6));
        now += 150;
        assertEquals(List.of("waits 250", "503"), asks(limit, 2));
        now += 10_000;
        assertEquals(List.of("ok", "waits 100"), asks(limit, 2));
    }

    @Test
    void burstWithNodelayIsNotDelayed() {
        RequestLimitFilter limit = limit(new Limit(perSecond(1), 2000, NO_DELAY));
        assertEquals(List.of("ok", "ok", "ok", "503"), asks(limit, 4));
        now += 1000;
        assertEquals(List.of("ok", "503"), asks(limit, 2));
    }

    @Test
    void burstIsDelayedFromTheConfiguredRequest() {
        RequestLimitFilter limit = limit(new Limit(perSecond(2), 4000, 2000));
        assertEquals(List.of("ok", "ok", "ok", "waits 500", "waits 1000", "503"), asks(limit, 6));
    }

    @Test
    void slowRatesAreExact() {
        RequestLimitFilter limit = limit(new Limit(new RequestZone("slow", _ -> "k", 500, ROOMY), 1000, 0));   // 30r/m
        assertEquals(List.of("ok", "waits 2000", "503"), asks(limit, 3));
        now += 2000;
        assertEquals(List.of("waits 2000", "503"), asks(limit, 2));
    }

    @Test
    void rateMayBeLessThanOneInAMinute() {
        RequestZone hourly = new RequestZone("hourly", _ -> "k", 1000, Duration.ofHours(1), ROOMY);
        RequestLimitFilter limit = limit(new Limit(hourly, 1000, Limit.NO_DELAY));
        assertEquals(List.of("ok", "ok", "503"), asks(limit, 3));
        now += 3_599_000;
        assertEquals("503", ask(limit, "/"));
        now += 1000;
        assertEquals(List.of("ok", "503"), asks(limit, 2));
    }

    @Test
    void refusedRequestsDoNotFillTheBucket() {
        RequestLimitFilter limit = limit(new Limit(perSecond(1), 0, 0));
        ask(limit, "/");
        for (int i = 0; i < 100; i++) {
            assertEquals("503", ask(limit, "/"));
        }
        now += 1000;
        assertEquals("ok", ask(limit, "/"));
    }

    @Test
    void strictestLimitApplies() {
        RequestZone wide = new RequestZone("wide", _ -> "all", 10_000, ROOMY);
        RequestZone narrow = new RequestZone("narrow", e -> e.routing().path(), 1000, ROOMY);
        RequestLimitFilter limit = limit(new Limit(wide, 5000, 0), new Limit(narrow, 1000, 0));
        assertEquals(List.of("ok", "waits 1000", "503"), asks(limit, 3));
        assertEquals("waits 200", ask(limit, "/other"));   // two are in the wide one: the refused one is not
        RequestLimitFilter other = limit(new Limit(narrow, 1000, 0), new Limit(wide, 2000, 0));
        assertEquals(List.of("503"), asks(other, 1));
        assertEquals("503", ask(other, "/third") + "");
        now += 100;
        assertEquals("waits 200", ask(other, "/third"));   // nothing was left in the narrow one when the wide one refused
    }

    @Test
    void emptyKeyIsNotCounted() {
        Limit none = new Limit(new RequestZone("none", _ -> "", 1, ROOMY), 0, 0);
        RequestLimitFilter limit = limit(none);
        assertEquals(List.of("ok", "ok", "ok"), asks(limit, 3));
        RequestLimitFilter both = limit(new Limit(perSecond(10), 1000, 0), none);
        assertEquals(List.of("ok", "waits 100", "503"), asks(both, 3));
    }

    @Test
    void tooLongKeyIsNotCounted() {
        RequestLimitFilter limit = limit(new Limit(new RequestZone("long", _ -> "k".repeat(65_536), 1, ROOMY), 0, 0));
        assertEquals(List.of("ok", "ok"), asks(limit, 2));
    }

    @Test
    void exchangeIsCountedOnce() throws Failure {
        RequestLimitFilter limit = limit(new Limit(perSecond(1), 0, 0));
        Exchange exchange = FakeClient.asks("GET / HTTP/1.1", "Host: a");
        assertEquals(FilterResult.CONTINUE, limit.filter(exchange));
        assertEquals(FilterResult.CONTINUE, limit.filter(exchange));
        assertEquals(Optional.of("PASSED"), exchange.routing().variable("limit_req_status"));
    }

    @Test
    void dryRunOnlyLogs() throws Failure {
        RequestLimitFilter limit = limit(new LimitRules(Status.of(429), Severity.ERROR, true), new Limit(perSecond(10), 1000, 0));
        List<String> statuses = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Exchange exchange = FakeClient.asks("GET / HTTP/1.1", "Host: a");
            assertEquals(FilterResult.CONTINUE, limit.filter(exchange));
            statuses.add(exchange.routing().variable("limit_req_status").orElseThrow());
        }
        assertEquals(List.of("PASSED", "DELAYED_DRY_RUN", "REJECTED_DRY_RUN"), statuses);
        assertTrue(waits.isEmpty());
    }

    @Test
    void memoryIsBounded() {
        RequestZone small = new RequestZone("small", e -> e.routing().path(), 1000, 128 * 100);
        RequestLimitFilter limit = limit(new Limit(small, 0, 0));
        for (int i = 0; i < 1000; i++) {
            assertEquals("ok", ask(limit, "/" + i));
            assertEquals("503", ask(limit, "/0"), "the one in use is kept");
            assertTrue(small.size() <= 100);
        }
        assertEquals(100, small.size());
        now += 61_000;
        assertEquals("ok", ask(limit, "/new"));
        assertEquals(99, small.size());                    // two idle ones went, one came
    }

    @Test
    void longKeyDoesNotEvictMany() {
        RequestZone small = new RequestZone("small", e -> e.routing().path(), 1, 128 * 100);
        RequestLimitFilter limit = limit(new Limit(small, 0, 0));
        for (int i = 0; i < 100; i++) {
            ask(limit, "/" + i);
        }
        assertEquals("503", ask(limit, "/" + "x".repeat(10_000)));
        assertEquals(97, small.size());
    }

    @Test
    void disconnectEndsTheDelay() {
        FakeClient client = FakeClient.at("10.0.0.1");
        RequestLimitFilter limit = new RequestLimitFilter(List.of(new Limit(perSecond(1), 5000, 0)), LimitRules.DEFAULT,
                Pause.REAL, () -> now, ErrorLog.SILENT);
        assertEquals("ok", ask(limit, "/"));
        client.goAway();
        Failure gone = assertThrows(Failure.class, () -> limit.filter(client.begins("GET / HTTP/1.1", "Host: a")));
        assertEquals(Status.CLIENT_CLOSED, gone.status());
    }

    @Test
    void delayEnds() throws Exception {
        assertTrue(Pause.REAL.pause(FakeClient.at("10.0.0.1"), Duration.ofMillis(1)));
        FakeClient gone = FakeClient.at("10.0.0.1");
        gone.goAway();
        assertFalse(Pause.REAL.pause(gone, Duration.ofHours(1)));
    }
}
