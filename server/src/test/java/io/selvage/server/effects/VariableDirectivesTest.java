package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Directives that define variables.
@Timeout(60)
class VariableDirectivesTest {
    private static final String SHOW = "server { listen 127.0.0.1:0; location / { return 200 \"%s\"; } }";

    private static void assertShown(String block, String shown, String target, String expected) throws IOException {
        try (TestServer server = http(SHOW.formatted(shown) + block)) {
            assertEquals(expected, body(server.get(target)));
        }
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/, other", "/?x=a, first", "/?x=A, first", "/?x=ab, other", "/?x=Bcd, starts with B", "/?x=bcd, other",
        "/?x=cDe, De behind c", "/?x=default, the word", "/?x=hostnames, a plain word", "/?x=empty, ''",
        "/?x=joined, /-127.0.0.1", "/?x=*.org, an asterisk",
    })
    @Effect("map")
    void mapChoosesAValueByStringsAndExpressions(String target, String value) throws IOException {
        try (TestServer server = http(SHOW.formatted("$mapped") + """
                map $arg_x $mapped {
                    default    other;
                    a          first;
                    ~^B        "starts with B";
                    ~*^c(?<rest>.*)$ "$rest behind c";
                    \\default  "the word";
                    hostnames  "a plain word";
                    empty      "";
                    joined     $uri-$remote_addr;
                    *.org      "an asterisk";
                }
                """)) {
            assertEquals(value, body(server.get(target)));
        }
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "example.com, exact", "EXAMPLE.com., exact", "a.example.com, under", "b.a.example.com, longer", "example.org, starting",
        "dot.net, dotted", "www.dot.net, dotted", "net, none", "expression.dev, expression",
    })
    void mapOfHostNamesHasWildcards(String host, String value) throws IOException {
        assertShown("""
                map $arg_x $mapped {
                    hostnames;
                    default           none;
                    example.*         starting;
                    *.example.com     under;
                    *.a.example.com   longer;
                    example.com       exact;
                    .dot.net          dotted;
                    ~\\.dev$          expression;
                }
                """, "$mapped", "/?x=" + host, value);
    }

    @Test
    void expressionIsNotTriedOnAnEmptyText() throws IOException {
        assertShown("map $arg_x $mapped { ~.* some; default none; }", "$mapped", "/", "none");
        assertShown("map $arg_x $mapped { '' empty; ~.* some; }", "$mapped", "/", "empty");
    }

    @Test
    void mapSetsTheCapturesForOtherDirectives() throws IOException {
        assertShown("map $uri $mapped { ~^/(\\w+)/(?<second>\\w+) $1; }", "$mapped $second $2", "/one/two", "one two two");
    }

    @Test
    void mapsOfMapsMayBeInAnyOrder() throws IOException {
        assertShown("map $b $c { 1-2 yes; } map $arg_x-$arg_y $b { default $arg_x-$arg_y; }",
                "$b is $c", "/?x=1&y=2", "1-2 is yes");
    }

    @ParameterizedTest
    @CsvSource({"'', /a", "volatile;, /page"})
    void valueOfAMapIsKeptUnlessItIsVolatile(String flag, String shown) throws IOException {
        try (TestServer server = http("map $uri $mapped { ~^(.*)$ $1; " + flag + " }" + """
                server {
                    listen 127.0.0.1:0;
                    root .;
                    error_page 404 =200 /page;
                    location / { try_files /none$mapped =404; }
                    location /page { return 200 $mapped; }
                }
                """)) {
            assertEquals(shown, body(server.get("/a")));
        }
    }

    @Test
    void mapMayReplaceAVariableOfAFamily() throws IOException {
        assertShown("map $uri $http_x { default mapped; }", "$http_x $http_host", "/", "mapped a");
    }

    @Test
    void mapsThatNeedEachOtherAreAnError() throws IOException {
        try (TestServer server = http(SHOW.formatted("$a") + "map $b $a { default x; } map $a $b { default y; }")) {
            assertEquals(500, status(server.get("/")));
            assertTrue(server.errorLog().stream().anyMatch(line -> line.contains("cycle while evaluating variable")));
        }
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "127.9.9.9, loopback", "192.0.2.7, test", "192.0.2.77, inner", "192.0.3.1, outer", "10.0.0.1, other",
        "2001:db8::5, six", "2001:db9::5, other", "nonsense, none", "::ffff:127.0.0.1, loopback",
    })
    @Effect("geo")
    void geoChoosesAValueByNetwork(String address, String value) throws IOException {
        assertShown("""
                geo $arg_x $place {
                    default           other;
                    192.0.2.64/26     inner;
                    192.0.2.0/23      outer;
                    192.0.2.0/24      test;
                    10.0.0.0/8        ten;
                    delete            10.0.0.0/8;
                    127.0.0.0/8       loopback;
                    2001:db8::/32     six;
                    255.255.255.255   none;
                }
                """, "$place", "/?x=" + address, value);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "10.0.0.0, first", "10.0.0.4, first", "10.0.0.5, inner", "10.0.0.6, first", "10.0.0.9, other", "10.1.0.0, second",
        "::1, last", "nonsense, last",
    })
    void geoChoosesAValueByRange(String address, String value) throws IOException {
        assertShown("""
                geo $arg_x $place {
                    ranges;
                    default                     other;
                    10.0.0.0-10.0.0.9           first;
                    10.0.0.5-10.0.0.5           inner;
                    10.0.1.0-10.2.0.0           second;
                    delete                      10.0.0.8-10.0.0.9;
                    255.255.255.0-255.255.255.255 last;
                }
                """, "$place", "/?x=" + address, value);
    }

    @Test
    void geoLooksForTheClientThatItsProxiesName() throws IOException {
        String networks = "proxy 127.0.0.0/8; 127.0.0.1 here; 192.0.2.0/24 there; }";
        try (TestServer server = http(SHOW.formatted("$one $all $own") + "geo $one { " + networks
                + "geo $all { proxy_recursive; " + networks + "geo $own { 127.0.0.1 here; 192.0.2.0/24 there; }")) {
            assertEquals("here here here", body(server.get("/")));
            assertEquals("there there here", body(get(server, "/", "X-Forwarded-For: 10.0.0.1, 192.0.2.1\r\n")));
            assertEquals("here there here", body(get(server, "/", "X-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n")));
        }
    }

    @Test
    @Effect("split_clients")
    void splitClientsGivesEachTextTheSameValue() throws IOException {
        try (TestServer server = http(SHOW.formatted("$part") + """
                split_clients "${arg_x}salt" $part { 30% a; 20.5% b; 0.01% never; * c; }
                """)) {
            // What nginx 1.22 assigns to them.
            StringBuilder parts = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                parts.append(body(server.get("/?x=" + i)));
            }
            assertEquals("cbccaccabbccbcbcbaba", parts.toString());
        }
    }
}
