package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SitesTest {
    private static final List<Site> TABLE = Stream.of("standard.net", "example.org www.example.org", "*.example.org",
            "*.deep.example.org", ".dotted.net", "www.example.*", "www.*", "~^(?<shop>.+)\\.shop\\.com$", "~^.+\\.com$", "\"\"")
            .map(SitesTest::site).toList();

    private static Site site(String names) {
        List<SiteName> parsed = Stream.of(names.split(" ")).map(n -> n.replace("\"", "")).map(SitesTest::name).toList();
        return new Site(names.split(" ")[0], parsed, List.of(), Sample.root(Sample.text(200, names)), List.of());
    }

    private static String answered(Exchange exchange) {
        return Sample.body(Sample.answer(new Sites(TABLE.getFirst(), TABLE), exchange));
    }

    private static SiteName name(String text) {
        return text.startsWith("~") ? new SiteName.Matching(new Regex(text.substring(1), true)) : SiteName.parse(text);
    }

    @ParameterizedTest(name = "{0} is served by {1}")
    @CsvSource({
        "example.org, example.org www.example.org",
        "WWW.EXAMPLE.ORG, example.org www.example.org",
        "example.org., example.org www.example.org",
        "example.org:8080, example.org www.example.org",
        "a.example.org, *.example.org",
        "a.b.example.org, *.example.org",
        "a.deep.example.org, *.deep.example.org",
        "deep.example.org, *.example.org",
        "dotted.net, .dotted.net",
        "a.dotted.net, .dotted.net",
        "xdotted.net, standard.net",
        "www.example.co.uk, www.example.*",
        "www.other.net, www.*",
        "www.example.org.evil.com, www.example.*",
        "toys.shop.com, ~^(?<shop>.+)\\.shop\\.com$",
        "toys.com, ~^.+\\.com$",
        "nobody.net, standard.net",
        "[::1], standard.net",
    })
    void nameSelectsTheSite(String host, String names) {
        assertEquals(names, answered(FakeClient.asks("GET / HTTP/1.1", "Host: " + host)));
    }

    @Test
    void groupsOfANameBecomeVariables() {
        Exchange exchange = FakeClient.asks("GET / HTTP/1.1", "Host: Toys.shop.com");
        answered(exchange);
        assertEquals(Optional.of("toys"), exchange.routing().variable("shop"));
        assertEquals(List.of("toys.shop.com", "toys"), exchange.routing().captures());
    }

    @Test
    void hostOfAnAbsoluteTargetTakesPrecedence() {
        Exchange exchange = FakeClient.asks("GET http://example.org:81/x HTTP/1.1", "Host: a.dotted.net");
        assertEquals("example.org www.example.org", answered(exchange));
        assertEquals("example.org", exchange.routing().authority().orElseThrow().host());
        assertEquals(81, exchange.routing().authority().orElseThrow().port());
    }

    @Test
    void missingHostSelectsTheEmptyName() {
        assertEquals("\"\"", answered(FakeClient.asks("GET / HTTP/1.0")));
    }

    @Test
    void refusedHeadIsAnsweredByTheSiteOfItsHost() {
        Sites sites = new Sites(TABLE.getFirst(), TABLE);
        Refusal why = new Refusal(Status.of(431), "too long");
        Exchange named = FakeClient.refused(why, "GET / HTTP/1.1", "Host: example.org");
        assertEquals(431, Sample.status(Sample.answer(sites, named)));
        assertEquals("example.org", named.routing().siteName());
        assertTrue(named.outcome().isClosing());
        Exchange other = FakeClient.refused(why, "GET / HTTP/1.1", "Host: other.net");
        assertEquals(431, Sample.status(Sample.answer(sites, other)));
        assertEquals("standard.net", other.routing().siteName());
    }

    @Test
    void thousandNamesAreFound() {
        List<Site> many = new ArrayList<>(TABLE);
        IntStream.range(0, 1000).mapToObj(i -> site("host" + i + ".net *.host" + i + ".net")).forEach(many::add);
        Sites sites = new Sites(many.getFirst(), many);
        assertEquals("host999.net *.host999.net",
                Sample.body(Sample.answer(sites, FakeClient.asks("GET / HTTP/1.1", "Host: HOST999.net."))));
        assertEquals("host7.net *.host7.net",
                Sample.body(Sample.answer(sites, FakeClient.asks("GET / HTTP/1.1", "Host: a.host7.net"))));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a*.org", "www.*.org", "*", "**.org", "*.a.*"})
    void asteriskMustBeAtOneEnd(String name) {
        assertThrows(IllegalArgumentException.class, () -> SiteName.parse(name));
    }
}
