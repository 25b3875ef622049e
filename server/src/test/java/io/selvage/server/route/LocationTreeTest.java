package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Folder;
import io.selvage.server.http.LocationValues;
import io.selvage.server.http.Regex;
import io.selvage.server.http.ScriptPath;
import io.selvage.server.http.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LocationTreeTest {
    private static final Site SITE = Sample.site(Sample.root(Sample.text(200, "root")),
            at("="),
            at("/"),
            at("= /"),
            at("/documents/"),
            at("^~ /images/"),
            at("~ \\.(gif|jpg)$"),
            at("~* \\.PNG$"),
            at("= /exact.gif"),
            at("/same"),
            at("= /same"),
            at("/shop/", at("/shop/cart/"), at("~ ^/shop/(?<item>\\d+)$"), at("= /shop/door.gif")),
            at("^~ /quiet/", at("~ \\.gif$", at("~ big"))),
            at("/loud/", at("^~ /loud/inner/")),
            at("~ ^/re/", at("/re/in/"), at("~ \\.txt$")),
            at("/slashed/", true),
            at("/slashed/twin/", true),
            at("/slashed/twin"),
            at("@named"));

    private static Location at(String rule, Location... inside) {
        return at(rule, false, inside);
    }

    private static Location at(String rule, boolean slashed, Location... inside) {
        String[] words = rule.split(" ");
        Match match = switch (words[0]) {
            case "=" -> new Match.Exact(words.length > 1 ? words[1] : "");
            case "^~" -> new Match.Prefix(words[1], true);
            case "~" -> new Match.Matching(new Regex(words[1], false));
            case "~*" -> new Match.Matching(new Regex(words[1], true));
            default -> rule.startsWith("@") ? new Match.Named(rule) : new Match.Prefix(rule);
        };
        LocationOptions options = new LocationOptions(false, slashed, 0, ClientOptions.DEFAULT, Folder.NONE,
                ScriptPath.NONE, Warnings.NONE, LocationValues.NONE);
        return Sample.withNested(Sample.with(Sample.location(match, Sample.text(200, rule)), options), inside);
    }

    private static Answer get(String path) {
        return Sample.answer(SITE, FakeClient.asks("GET " + path + " HTTP/1.1", "Host: example.org"));
    }

    @ParameterizedTest(name = "{0} goes to {1}")
    @CsvSource({
        "/, = /",
        "/x, /",
        "/documents/a.html, /documents/",
        "/documents, /",
        "/documents/a.gif, ~ \\.(gif|jpg)$",
        "/images/a.gif, ^~ /images/",
        "/a.png, ~* \\.PNG$",
        "/exact.gif, = /exact.gif",
        "/same, = /same",
        "/same/x, /same",
        "/sam, /",
        "/shop/x, /shop/",
        "/shop/cart/1, /shop/cart/",
        "/shop/42, ~ ^/shop/(?<item>\\d+)$",
        "/shop/door.gif, = /shop/door.gif",
        "/shop/other.gif, ~ \\.(gif|jpg)$",
        "/quiet/a.gif, ~ \\.gif$",
        "/quiet/big.gif, ~ big",
        "/quiet/a.jpg, ^~ /quiet/",
        "/loud/inner/a.gif, ~ \\.(gif|jpg)$",
        "/loud/inner/a, ^~ /loud/inner/",
        "/re/x, ~ ^/re/",
        "/re/in/x, /re/in/",
        "/re/a.txt, ~ \\.txt$",
        "/slashed/, /slashed/",
        "/slashed/twin, /slashed/twin",
    })
    void pathSelectsTheLocation(String path, String rule) {
        assertEquals(rule, Sample.body(get(path)));
    }

    @Test
    void groupsBecomeCapturesAndVariables() {
        Exchange exchange = FakeClient.asks("GET /shop/42 HTTP/1.1", "Host: example.org");
        Sample.answer(SITE, exchange);
        assertEquals(List.of("/shop/42", "42"), exchange.routing().captures());
        assertEquals("42", exchange.routing().variable("item").orElseThrow());
    }

    @Test
    void missingSlashIsAddedWithTheQuery() {
        Answer answer = get("/slashed?a=b");
        assertEquals(301, Sample.status(answer));
        assertEquals("http://example.org:8080/slashed/?a=b", Sample.field(answer, "Location"));
    }

    @Test
    void longestPrefixIsFoundAmongMany() {
        SplittableRandom random = new SplittableRandom(11);
        List<String> prefixes = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            prefixes.add(word(random));
        }
        Site site = Sample.site(Sample.root(Sample.text(200, "none")),
                prefixes.stream().map(LocationTreeTest::at).toArray(Location[]::new));
        for (int i = 0; i < 2000; i++) {
            String path = word(random);
            String longest = prefixes.stream().filter(path::startsWith).max((a, b) -> a.length() - b.length()).orElse("none");
            Answer answer = Sample.answer(site, FakeClient.asks("GET " + path + " HTTP/1.1", "Host: a"));
            assertEquals(longest, Sample.body(answer), path);
        }
    }

    private static String word(SplittableRandom random) {
        StringBuilder word = new StringBuilder("/");
        for (int i = random.nextInt(6); i > 0; i--) {
            word.append("ab/".charAt(random.nextInt(3)));
        }
        return word.toString();
    }
}
