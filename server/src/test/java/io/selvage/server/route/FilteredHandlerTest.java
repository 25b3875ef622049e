package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FakeBody;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.route.AccessCheck.Verdict;
import io.selvage.server.route.AccessRules.Rule;
import io.selvage.server.route.AccessRules.Whom;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FilteredHandlerTest {
    private static final Verdict FORBIDDEN = new Verdict.Denied(new Answer.StatusOnly(Status.FORBIDDEN), "no");
    private static final Verdict UNAUTHORIZED =
            new Verdict.Denied(new Answer.StatusOnly(Status.UNAUTHORIZED, Headers.of("WWW-Authenticate", "Basic")), "no");

    private static AccessRules rules(String... rules) {
        return new AccessRules(Stream.of(rules).map(rule -> rule.split(" "))
                .map(words -> new Rule(words[0].equals("allow"), Whom.parse(words[1]))).toList());
    }

    private static String came(RequestFilter step, Exchange exchange) throws Failure {
        return step.take(exchange).map(a -> String.valueOf(((Answer.StatusOnly) a).status().code())).orElse("in");
    }

    private static Access access(boolean anyOne, AccessCheck... checks) {
        return new Access(anyOne, List.of(checks), ErrorLog.SILENT);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "192.168.1.1, 403", "192.168.1.2, in", "192.168.2.1, 403", "10.1.1.1, in", "2001:db8::1, in", "2001:db9::1, 403",
    })
    void theFirstRuleThatFitsDecides(String ip, String outcome) throws Failure {
        AccessRules rules = rules("deny 192.168.1.1", "allow 192.168.1.0/24", "allow 10.1.1.0/16", "allow 2001:db8::/32",
                "deny all");
        assertEquals(outcome, came(access(false, rules), FakeClient.at(ip).begins("GET / HTTP/1.1")));
    }

    @Test
    void withoutARuleThatFitsEverybodyMayComeIn() throws Failure {
        assertEquals("in", came(access(false, rules("deny 10.0.0.2")), FakeClient.asks("GET / HTTP/1.1")));
    }

    @Test
    void unixSocketsHaveARuleOfTheirOwn() throws Failure {
        Exchange local = FakeClient.at(UnixDomainSocketAddress.of("")).begins("GET / HTTP/1.1");
        assertEquals("in", came(access(false, rules("allow unix:", "deny all")), local));
        assertEquals("403", came(access(false, rules("allow 0.0.0.0/0", "allow ::/0", "deny all")), local));
        assertEquals("403", came(access(false, rules("allow unix:", "deny all")), FakeClient.asks("GET / HTTP/1.1")));
    }

    @Test
    void theAddressThatIsBelievedCounts() throws Failure {
        Exchange exchange = FakeClient.asks("GET / HTTP/1.1");
        exchange.remote(new InetSocketAddress(InetAddress.ofLiteral("8.8.8.8"), 0));
        assertEquals("403", came(access(false, rules("allow 10.0.0.1", "deny all")), exchange));
    }

    @Test
    void allMustAgreeOrOneMust() throws Failure {
        Exchange exchange = FakeClient.asks("GET / HTTP/1.1");
        AccessCheck yes = _ -> Verdict.ALLOWED;
        AccessCheck no = _ -> FORBIDDEN;
        AccessCheck password = _ -> UNAUTHORIZED;
        AccessCheck silent = _ -> Verdict.SILENT;
        assertEquals("403", came(access(false, yes, no, password), exchange));
        assertEquals("401", came(access(false, yes, password), exchange));
        assertEquals("in", came(access(false, yes, silent), exchange));
        assertEquals("in", came(access(true, no, password, yes), exchange));
        assertEquals("401", came(access(true, no, password), exchange));
        assertEquals("401", came(access(true, password, no), exchange));
        assertEquals("403", came(access(true, no, silent), exchange));
        assertEquals("in", came(access(true, silent), exchange));
    }

    @Test
    void aBodyThatIsToldToBeTooLargeIsRefusedAtOnce() {
        Exchange exchange = FakeClient.at("10.0.0.1").sends(new FakeBody(11, false), "POST / HTTP/1.1", "Host: a");
        Failure failure = assertThrows(Failure.class, () -> new BodyLimit(10).take(exchange));
        assertEquals(Status.CONTENT_TOO_LARGE, failure.status());
    }

    @Test
    void aBodyOfUnknownLengthIsBounded() throws Failure {
        FakeBody chunked = new FakeBody(11, true);
        assertTrue(new BodyLimit(10).take(FakeClient.at("10.0.0.1").sends(chunked, "POST / HTTP/1.1", "Host: a")).isEmpty());
        assertEquals(10, chunked.limit());
        FakeBody free = new FakeBody(11, false);
        assertTrue(new BodyLimit(0).take(FakeClient.at("10.0.0.1").sends(free, "POST / HTTP/1.1", "Host: a")).isEmpty());
        assertEquals(0, free.limit());
    }

    @Test
    void rulesAndRatesHoldForTheExchange() throws Failure {
        Exchange exchange = FakeClient.asks("GET /a HTTP/1.1");
        Folder folder = new Folder(Text.literal("/srv"), 0);
        assertTrue(new ApplyLocationSettings(ClientOptions.DEFAULT, folder).take(exchange).isEmpty());
        assertTrue(new LimitRate(_ -> 1000, _ -> 50).take(exchange).isEmpty());
        assertSame(folder, exchange.routing().folder());
        assertEquals("1000 50", exchange.outcome().rate() + " " + exchange.outcome().rateAfter());
    }

    @Test
    void theFirstStepThatAnswersIsTheLast() throws Failure {
        StringBuilder order = new StringBuilder();
        RequestFilter passes = _ -> {
            order.append("passes ");
            return Optional.empty();
        };
        RequestFilter never = _ -> {
            throw new AssertionError("asked in vain");
        };
        Answer answer = new FilteredHandler(List.of(passes, Return.bare(Status.FORBIDDEN), never), Sample.text(200, "x"))
                .handle(FakeClient.asks("GET / HTTP/1.1"));
        assertEquals("passes 403", order + "" + ((Answer.StatusOnly) answer).status().code());
    }
}
