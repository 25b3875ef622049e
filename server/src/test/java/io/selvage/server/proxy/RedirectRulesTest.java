package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RedirectRulesTest {
    private final FakeClient client = new FakeClient();

    @ParameterizedTest
    @CsvSource({
        "http://app/two/x/y?z, http://example.org/one/x/y?z",
        "HTTP://APP/two/, http://example.org/one/",
        "http://app/other, http://app/other",
        "/two/x, /two/x"
    })
    void defaultRuleReplacesUrlOfPeerByLocation(String from, String to) {
        RedirectRules rules = new RedirectRules(List.of(RedirectRules.byDefault("http://app/two/", true, "/one/")),
                Text.literal("http://example.org"));
        assertEquals(to, location(rules, from));
    }

    @Test
    void defaultRuleWithoutPathKeepsPath() {
        RedirectRules rules = new RedirectRules(List.of(RedirectRules.byDefault("http://app", false, "/one/")), Text.literal(""));
        assertEquals("/x", location(rules, "http://app/x"));
        assertEquals("http://apple/x", location(rules, "http://apple/x"));
    }

    @Test
    void firstMatchingRuleApplies() {
        RedirectRules rules = new RedirectRules(List.of(
                new RedirectRules.Prefix(Text.literal("http://a/"), Text.literal("http://first/")),
                new RedirectRules.Prefix(Text.literal("http://"), Text.literal("https://"))), Text.literal(""));
        assertEquals("http://first/x", location(rules, "http://a/x"));
        assertEquals("https://b/x", location(rules, "http://b/x"));
    }

    @Test
    void groupsOfExpressionAreReplacedInResult() {
        RedirectRules rules = new RedirectRules(List.of(new RedirectRules.Matching(
                new Regex("^http://([^:]+):\\d+(?<rest>/.*)$", false),
                exchange -> "https://" + exchange.routing().captures().get(1)
                        + exchange.routing().variable("rest").orElseThrow())),
                Text.literal(""));
        assertEquals("https://app/x", location(rules, "http://app:8000/x"));
    }

    @Test
    void refreshIsRewrittenAfterUrlAndStaysRelative() {
        RedirectRules rules = new RedirectRules(List.of(RedirectRules.byDefault("http://app", false, "/")),
                Text.literal("http://base"));
        assertEquals("http://base/x", location(rules, "http://app/x"));
        assertEquals("/x", location(rules, "/x"));
        Headers rewritten = rules.rewrite(Headers.of("Refresh", "5; url=http://app/x", "A", "http://app/"),
                client.asks("GET", "/"));
        assertEquals(Headers.of("Refresh", "5; url=/x", "A", "http://app/"), rewritten);
        assertEquals(Headers.of("Refresh", "5"), rules.rewrite(Headers.of("Refresh", "5"), client.asks("GET", "/")));
    }

    private String location(RedirectRules rules, String value) {
        return rules.rewrite(Headers.of("Location", value), client.asks("GET", "/")).first("Location").orElseThrow();
    }
}
