package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FakeBody;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Headers;
import io.selvage.server.http.LocationValues;
import io.selvage.server.http.ScriptPath;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.http.Warnings;
import io.selvage.server.net.Cidr;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.route.AccessCheck.Verdict;
import io.selvage.server.route.AccessRules.Rule;
import io.selvage.server.route.AccessRules.Whom;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RequestFiltersTest {
    private static final Verdict FORBIDDEN = new Verdict.Denied(new Answer.StatusOnly(Status.FORBIDDEN), "no");
    private static final Verdict UNAUTHORIZED =
            new Verdict.Denied(new Answer.StatusOnly(Status.UNAUTHORIZED, Headers.of("WWW-Authenticate", "Basic")), "no");

    private static AccessRules rules(String... rules) {
        return new AccessRules(Stream.of(rules).map(rule -> rule.split(" "))
                .map(words -> new Rule(words[0].equals("allow"), whom(words[1]))).toList());
    }

    private static Whom whom(String text) {
        return switch (text) {
            case "all" -> new Whom.Everybody();
            case "unix:" -> new Whom.UnixSockets();
            default -> new Whom.Block(Cidr.parse(text));
        };
    }

    private static String outcome(RequestFilter filter, Exchange exchange) throws Failure {
        return filter.filter(exchange) instanceof Answer.StatusOnly refused ? String.valueOf(refused.status().code()) : "in";
    }

    private static Access access(boolean anyOne, AccessCheck... checks) {
        return new Access(anyOne, List.of(checks), Duration.ZERO, Pause.REAL, ErrorLog.SILENT);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "192.168.1.1, 403", "192.168.1.2, in", "192.168.2.1, 403", "10.1.1.1, in", "2001:db8::1, in", "2001:db9::1, 403",
    })
    void firstMatchingRuleDecides(String ip, String outcome) throws Failure {
        AccessRules rules = rules("deny 192.168.1.1", "allow 192.168.1.0/24", "allow 10.1.1.0/16", "allow 2001:db8::/32",
                "deny all");
        assertEquals(outcome, outcome(access(false, rules), FakeClient.at(ip).begins("GET / HTTP/1.1")));
    }

    @Test
    void clientWithoutMatchingRuleIsAllowed() throws Failure {
        assertEquals("in", outcome(access(false, rules("deny 10.0.0.2")), FakeClient.asks("GET / HTTP/1.1")));
    }

    @Test
    void unixSocketsHaveTheirOwnRule() throws Failure {
        Exchange local = FakeClient.at(UnixDomainSocketAddress.of("")).begins("GET / HTTP/1.1");
        assertEquals("in", outcome(access(false, rules("allow unix:", "deny all")), local));
        assertEquals("403", outcome(access(false, rules("allow 0.0.0.0/0", "allow ::/0", "deny all")), local));
        assertEquals("403", outcome(access(false, rules("allow unix:", "deny all")), FakeClient.asks("GET / HTTP/1.1")));
    }

    @Test
    void satisfyAllOrAny() throws Failure {
        Exchange exchange = FakeClient.asks("GET / HTTP/1.1");
        AccessCheck yes = _ -> Verdict.ALLOWED;
        AccessCheck no = _ -> FORBIDDEN;
        AccessCheck password = _ -> UNAUTHORIZED;
        AccessCheck silent = _ -> Verdict.SILENT;
        assertEquals("403", outcome(access(false, yes, no, password), exchange));
        assertEquals("401", outcome(access(false, yes, password), exchange));
        assertEquals("in", outcome(access(false, yes, silent), exchange));
        assertEquals("in", outcome(access(true, no, password, yes), exchange));
        assertEquals("401", outcome(access(true, no, password), exchange));
        assertEquals("401", outcome(access(true, password, no), exchange));
        assertEquals("403", outcome(access(true, no, silent), exchange));
        assertEquals("in", outcome(access(true, silent), exchange));
    }

    private static LocationOptions bodyLimit(long bytes) {
        return new LocationOptions(false, false, bytes, ClientOptions.DEFAULT, Folder.NONE, ScriptPath.NONE, Warnings.NONE,
                LocationValues.NONE);
    }

    @Test
    void bodyAnnouncedAsTooLargeIsRefusedAtOnce() {
        Exchange exchange = FakeClient.at("10.0.0.1").sends(new FakeBody(11, false), "POST / HTTP/1.1", "Host: a");
        Failure failure = assertThrows(Failure.class, () -> bodyLimit(10).apply(exchange));
        assertEquals(Status.CONTENT_TOO_LARGE, failure.status());
    }

    @Test
    void bodyOfUnknownLengthIsBounded() throws Failure {
        FakeBody chunked = new FakeBody(11, true);
        bodyLimit(10).apply(FakeClient.at("10.0.0.1").sends(chunked, "POST / HTTP/1.1", "Host: a"));
        assertEquals(10, chunked.limit());
        FakeBody free = new FakeBody(11, false);
        bodyLimit(0).apply(FakeClient.at("10.0.0.1").sends(free, "POST / HTTP/1.1", "Host: a"));
        assertEquals(0, free.limit());
    }

    @Test
    void optionsAndRatesHoldForTheExchange() throws Failure {
        Exchange exchange = FakeClient.asks("GET /a HTTP/1.1");
        Folder folder = new Folder(Text.literal("/srv"), 0);
        new LocationOptions(false, false, 0, ClientOptions.DEFAULT, folder, ScriptPath.NONE, Warnings.NONE,
                LocationValues.NONE).apply(exchange);
        assertEquals(FilterResult.CONTINUE, new LimitRate(_ -> 1000, _ -> 50).filter(exchange));
        assertSame(folder, exchange.routing().folder());
        assertEquals("1000 50", exchange.outcome().rate() + " " + exchange.outcome().rateAfter());
    }
}
