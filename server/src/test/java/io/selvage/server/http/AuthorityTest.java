package io.selvage.server.http;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AuthorityTest {

    @ParameterizedTest(name = "{0} is {1} and {2}")
    @CsvSource({
        "example.org, example.org, 0",
        "WWW.Example.ORG:8080, www.example.org, 8080",
        "example.org., example.org, 0",
        "example.org.:80, example.org, 80",
        "example.org:, example.org, 0",
        "example.org:00080, example.org, 80",
        "example.org:65535, example.org, 65535",
        "[2001:DB8::1]:443, [2001:db8::1], 443",
        "[::1], [::1], 0",
        "a_b~c, a_b~c, 0",
        "caf%C3%A9, caf%c3%a9, 0",
        "a:0, a, 0",
        "a=1, a=1, 0",
        "a;b:81, a;b, 81",
        "'A!$&''()*+;=z', 'a!$&''()*+;=z', 0",
        "'*', '*', 0",
        "[::ffff:1.2.3.4], [::ffff:1.2.3.4], 0",
        "'[v1F.a:$&,]', '[v1f.a:$&,]', 0",
    })
    void readsHostAndPort(String text, String host, int port) {
        assertEquals(Optional.of(new Authority(host, port)), Authority.parse(text));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", ".", ":80", "a..b", "a b", "a/../b", "user@a", "a:99999", "a:65536", "a:80:80", "a:8x", "a:1.2",
        "[::1", "[::1]x", "::1", "a\u00e9", "a\0", "a#b", "a?b", "a\\b", "[]",
        "..", ".a", "a..", "a,b", " a", "a:b", "a:-1", "a:+1", "a/", "[::1].", "x[::1]", "[1.2.3.4]", "[::g]", "[fe80::1%eth0]",
        "[v.a]", "[v1.]", "[vg.a]", "[::1]]", "[a/b]", "a<b", "a\"b", "a|b", "a^b", "\u0661", "[\u0661::1]"})
    void invalidAuthorityIsRefused(String text) {
        assertEquals(Optional.empty(), Authority.parse(text));
    }

    @Test
    void portOfThousandDigitsIsRefused() {
        assertEquals(Optional.empty(), Authority.parse("a:" + "9".repeat(1000)));
        assertEquals(Optional.of(new Authority("a", 1)), Authority.parse("a:" + "0".repeat(1000) + "1"));
    }
}
