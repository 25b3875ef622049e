package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Failure.What;
import io.selvage.server.http.Method;
import io.selvage.server.http.Status;
import io.selvage.server.proxy.NextUpstream.Condition;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NextUpstreamTest {
    private static final boolean UNSENT = true;
    private static final boolean SENT = false;

    @Test
    void unsentRequestIsRetriedWithAnyMethod() {
        assertTrue(worth(What.REFUSED, UNSENT, Method.POST));
        assertTrue(worth(What.TIMED_OUT, UNSENT, Method.of("BUY")));
    }

    @Test
    void sentRequestIsRetriedOnlyWithIdempotentMethod() {
        assertTrue(worth(What.CLOSED, SENT, Method.GET));
        assertTrue(worth(What.TIMED_OUT, SENT, Method.DELETE));
        assertFalse(worth(What.CLOSED, SENT, Method.POST));
        assertFalse(worth(What.TIMED_OUT, SENT, Method.PATCH));
        assertFalse(worth(What.CLOSED, SENT, Method.of("BUY")));
    }

    @Test
    void nonIdempotentOptionAllowsRetryOfAnyMethod() {
        NextUpstream rule = rule(Condition.ERROR, Condition.NON_IDEMPOTENT);
        assertTrue(rule.isRetried(Failure.upstream(What.CLOSED, SENT, ""), Method.POST));
    }

    @Test
    void onlyListedConditionsAreRetried() {
        assertFalse(worth(What.MALFORMED, SENT, Method.GET));
        assertTrue(rule(Condition.INVALID_HEADER).isRetried(Failure.upstream(What.MALFORMED, SENT, ""), Method.GET));
        assertFalse(NextUpstream.OFF.isRetried(Failure.upstream(What.REFUSED, UNSENT, ""), Method.GET));
    }

    @Test
    void clientDisconnectIsNotRetried() {
        assertFalse(ProxyOptionsBuilder.NEXT_BY_DEFAULT.isRetried(Failure.downstream(What.CLOSED, ""), Method.GET));
    }

    @Test
    void onlyListedStatusesAreRetried() {
        NextUpstream rule = rule(Condition.HTTP_503, Condition.HTTP_404);
        assertTrue(rule.isRetried(Status.SERVICE_UNAVAILABLE, Method.GET));
        assertFalse(rule.isRetried(Status.SERVICE_UNAVAILABLE, Method.POST));
        assertFalse(rule.isRetried(Status.BAD_GATEWAY, Method.GET));
        assertTrue(rule.countsAgainst(Status.SERVICE_UNAVAILABLE));
        assertTrue(rule.isRetried(Status.NOT_FOUND, Method.GET));
        assertFalse(rule.countsAgainst(Status.NOT_FOUND));
    }

    @Test
    void triesAndTimeAreBounded() {
        NextUpstream rule = new NextUpstream(Set.of(Condition.ERROR), 2, Duration.ofNanos(10));
        assertTrue(rule.allowsAnother(1, 9));
        assertFalse(rule.allowsAnother(2, 9));
        assertFalse(rule.allowsAnother(1, 10));
        assertTrue(ProxyOptionsBuilder.NEXT_BY_DEFAULT.allowsAnother(100, Long.MAX_VALUE));
        assertEquals(0, ProxyOptionsBuilder.NEXT_BY_DEFAULT.tries());
    }

    private static boolean worth(What what, boolean nothingSent, Method method) {
        return ProxyOptionsBuilder.NEXT_BY_DEFAULT.isRetried(Failure.upstream(what, nothingSent, ""), method);
    }

    private static NextUpstream rule(Condition... conditions) {
        return new NextUpstream(Set.of(conditions), 0, Duration.ZERO);
    }
}
