package io.selvage.server.http;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RegexTest {

    @ParameterizedTest(name = "{0} in {1}: {2}")
    @CsvSource(delimiter = ' ', value = {
        "\\.php$ /a.php true",
        "\\.php$ /a.phps false",
        "^/[a-z]+$ /ABC false",
        "[[:digit:]]{2} /x42 true",
        "[^[:digit:]x] 12x3 false",
        "[^[]x [x false",
        "^[[:]a$ [a true",
        "^[[:]a$ :a true",
        "^[[:a]b:]$ [b:] true",
        "^[a[:[:digit:]]$ [ true",
        "[]a]b ]b true",
        "[a&&b] & true",
        "(a)(?<n>b)\\k<n> abb true",
        "(?P<n>b)(?P=n) bb true",
        "(?'n'b)\\g{n} bc false",
        "\\Q(?<x>\\E (?<x> true",
        "(?:a)(?!b)(?<!c)d ad true",
        "^\\p{N}+\\P{N}$ 12x true",
        "^\\x{41}{2}$ AA true",
        "^\\x41\\101$ AA true",
        "^\\1010$ A0 true",
        "^[\\101-\\103\\xf]$ B true",
        "^(a)\\g1\\g{1}\\g-1$ aaaa true",
        "^(a)(b)\\g{-2}$ aba true",
        "^(a)\\10$ aa0 false",
        "^(a)\\1(0)$ aa0 true",
        "^a\\Nc$ abc true",
        "^[\\Qa]b\\E]$ ] true",
        "^(?i)A(?-i:b)(?s-m:c)$ abc true",
    })
    void matchesLikePcre(String pattern, String text, boolean found) {
        assertEquals(found, new Regex(pattern, false).capture(text, FakeClient.asks("GET / HTTP/1.1")));
    }

    @Test
    void onlyALineFeedEndsALine() {
        assertTrue(new Regex("a.c$", false).capture("a\rc", FakeClient.asks("GET / HTTP/1.1")));
        assertFalse(new Regex("a.c$", false).capture("a\nc", FakeClient.asks("GET / HTTP/1.1")));
        assertFalse(new Regex("c$", false).capture("c\r", FakeClient.asks("GET / HTTP/1.1")));
    }

    @Test
    void ignoresCaseIfConfigured() {
        assertTrue(new Regex("\\.PHP$", true).capture("/a.pHp", FakeClient.asks("GET / HTTP/1.1")));
    }

    @Test
    void groupNamesMayHaveUnderscores() {
        Regex regex = new Regex("^/(\\w+)/(?<user_id>\\d+)(x)?$", false);
        assertEquals(Set.of("user_id"), regex.names());
        assertEquals(Optional.of(List.of("/u/7", "u", "7", "")), regex.groups("/u/7"));
    }

    @Test
    void searchThatBacktracksWithoutEndFails() {
        String text = "/" + "a".repeat(200) + "!";
        for (String pattern : List.of("(.*a){20}b", "^/((a+)\\2?)+$", "^(.*)(.*)(.*)(.*)(.*)b", "^/(a*)*(a*)*(a*)*b")) {
            UncheckedFailure thrown = assertThrows(UncheckedFailure.class, () -> new Regex(pattern, false).groups(text), pattern);
            assertEquals(Status.INTERNAL_SERVER_ERROR, thrown.failure().status());
            assertEquals("the regular expression \"" + pattern + "\" takes too many steps on \"" + text.substring(0, 200) + "\"",
                    thrown.failure().detail());
        }
    }

    @Test
    void ordinarySearchOfALongTextSucceeds() {
        String path = "/a-b_c.d/".repeat(900);
        assertTrue(new Regex("^/(?<first>[^/]+)/.*/([^/]*)$", false).groups(path).isPresent());
        assertTrue(new Regex("\\.(png|jpg|css)$", false).groups(path).isEmpty());
        assertTrue(new Regex("^(.+\\.php)(/.+)$", false).groups(path).isEmpty());
    }

    @Test
    void invalidExpressionIsRejected() {
        assertThrows(PatternSyntaxException.class, () -> new Regex("(a", false));
        assertThrows(PatternSyntaxException.class, () -> new Regex("[a", false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "(?U)a+ the_option_\"U\"_is_not_supported", "(?iu:a) the_option_\"u\"_is_not_supported",
        "(?|a(b)|c(d)) \"(?|\"_is_not_supported", "(a)(?1) \"(?1\"_is_not_supported", "a(?R)?b \"(?R)\"_is_not_supported",
        "(?<n>a)(?&n) \"(?&\"_is_not_supported", "(?<n>a)(?P>n) \"(?P>\"_is_not_supported",
        "(a)\\g{-2} there_is_no_group_\"-2\"_before_its_reference",
        "(a)?(?(1)b|c) \"(?(\"_is_not_supported", "(*UTF8)a \"(*UTF8)\"_is_not_supported", "a\\Kb \"\\K\"_is_not_supported",
    })
    void whatJavaCannotDoIsNamed(String pattern, String message) {
        assertEquals(message.replace('_', ' '),
                assertThrows(PatternSyntaxException.class, () -> new Regex(pattern, false)).getDescription());
    }
}
