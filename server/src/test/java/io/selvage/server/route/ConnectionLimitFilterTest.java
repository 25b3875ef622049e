package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.ConnectionLimitFilter.Limit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ConnectionLimitFilterTest {
    private final ConnectionZone paths = new ConnectionZone("paths", e -> e.routing().path(), 64 * 10);
    private final ConnectionZone all = new ConnectionZone("all", _ -> "all", 64 * 10);
    private final ConnectionLimitFilter limit = limit(LimitRules.DEFAULT, new Limit(all, 3), new Limit(paths, 2));

    private static ConnectionLimitFilter limit(LimitRules rules, Limit... limits) {
        return new ConnectionLimitFilter(List.of(limits), rules, ErrorLog.SILENT);
    }

    private static Exchange get(String path) {
        return FakeClient.asks("GET " + path + " HTTP/1.1", "Host: a");
    }

    private static void end(Exchange exchange) {
        exchange.finish(new Sent(new ResponseHead(Status.OK, Headers.EMPTY), 0, 0, true));
    }

    private static String outcome(FilterResult result) {
        return result instanceof Answer.StatusOnly refused ? String.valueOf(refused.status().code()) : "ok";
    }

    @Test
    void endOfAnExchangeFreesItsPlace() {
        Exchange first = get("/a");
        assertEquals("ok", outcome(limit.filter(first)));
        assertEquals("ok", outcome(limit.filter(get("/a"))));
        assertEquals("503", outcome(limit.filter(get("/a"))));
        end(first);
        assertEquals("ok", outcome(limit.filter(get("/a"))));
    }

    @Test
    void refusedExchangeIsNotCounted() {
        Exchange first = get("/a");
        Exchange second = get("/a");
        limit.filter(first);
        limit.filter(second);
        assertEquals("503", outcome(limit.filter(get("/a"))));
        assertEquals("ok", outcome(limit.filter(get("/b"))));
        assertEquals("503", outcome(limit.filter(get("/c"))));
        end(first);
        assertEquals("ok", outcome(limit.filter(get("/c"))));
        end(second);
        assertEquals(2, paths.size());
    }

    @Test
    void exchangeIsCountedOnce() {
        Exchange exchange = get("/a");
        for (int i = 0; i < 5; i++) {
            assertEquals("ok", outcome(limit.filter(exchange)));
        }
        assertEquals(Optional.of("PASSED"), exchange.routing().variable("limit_conn_status"));
        end(exchange);
        assertEquals(0, paths.size());
    }

    @Test
    void emptyKeyIsNotCounted() {
        ConnectionLimitFilter none = limit(LimitRules.DEFAULT, new Limit(new ConnectionZone("none", _ -> "", 640), 1));
        assertEquals("ok", outcome(none.filter(get("/"))));
        assertEquals("ok", outcome(none.filter(get("/"))));
    }

    @Test
    void memoryIsBounded() {
        ConnectionLimitFilter small = limit(new LimitRules(Status.of(429), Severity.ERROR, false), new Limit(paths, 1));
        for (int i = 0; i < 10; i++) {
            assertEquals("ok", outcome(small.filter(get("/" + i))));
        }
        assertEquals("429", outcome(small.filter(get("/more"))));
        assertEquals(10, paths.size());
    }

    @Test
    void dryRunOnlyLogs() {
        ConnectionLimitFilter dry = limit(new LimitRules(Status.of(429), Severity.ERROR, true), new Limit(paths, 1));
        dry.filter(get("/a"));
        Exchange exchange = get("/a");
        assertEquals("ok", outcome(dry.filter(exchange)));
        assertEquals(Optional.of("REJECTED_DRY_RUN"), exchange.routing().variable("limit_conn_status"));
    }
}
