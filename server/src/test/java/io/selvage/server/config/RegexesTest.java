package io.selvage.server.config;

import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Regex;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RegexesTest {
    private final Problems problems = new Problems();
    private final VariableNames variables = new VariableNames(KnownVariables.NONE);

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', value = {
        "^\\/static\\/.*$ ! /static/a.css ! true",
        "^\\/static\\/.*$ ! /dynamic/static/ ! false",
        "\\.php$ ! /a.php ! true",
        "\\.php$ ! /a.php5 ! false",
        "^/a{2,}$ ! /aaa ! true",
        "^/a{b}$ ! /a{b} ! true",
        "^/{x ! /{x ! true",
        "^[[:alpha:]_]+$ ! ab_c ! true",
        "^[[:alpha:]]+$ ! ab1 ! false",
        "^[^[:space:][:digit:]]+$ ! ab ! true",
        "^[[:^digit:]]+$ ! ab1 ! false",
        "^[a[]+$ ! a[a ! true",
        "^[]a]+$ ! ]a ! true",
        "^[a&&b]+$ ! a&b ! true",
        "^(?:a|b)++$ ! abba ! true",
        "^(?>a+)b$ ! aab ! true",
        "^(?i)ABC$ ! abc ! true",
        "^a(?#what)b$ ! ab ! true",
        "^(?=a)(?<=)a(?=b)b$ ! ab ! true",
        "^\\Q(a\\E$ ! (a ! true",
        "^(?<a_b>x+)-\\k<a_b>$ ! xx-xx ! true",
        "^(?<a_b>x+)-\\k{a_b}1$ ! xx-xx1 ! true",
        "^(?P<a_b>x+)-(?P=a_b)$ ! xx-x ! false",
        "^(?'a_b'x+)-\\g{a_b}$ ! xx-xx ! true",
        "^\\d+\\w\\s?\\S$ ! 12a. ! true",
    })
    void matchesLikePcre(String regex, String text, boolean found) {
        assertEquals(found, read(regex, false).capture(text, FakeClient.asks("GET / HTTP/1.1")));
        assertEquals(0, problems.errors().size());
    }

    @Test
    void namedGroupsAreNumberedAndBecomeVariables() {
        Regex regex = read("^/(\\d+)/(?<user_id>[^/]+)/(?:x)(?P<_2>.*)$", false);
        assertEquals(Set.of("user_id", "_2"), regex.names());
        variables.use("user_id", new Position("t", 2, 1));
        variables.use("other", new Position("t", 2, 2));
        variables.report(problems);
        assertEquals("[t:2:2: unknown variable \"$other\"]", problems.errors().toString());
        assertEquals(Optional.of(List.of("/1/ann/xyz", "1", "ann", "yz")), regex.groups("/1/ann/xyz"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', value = {
        "( ! `Unclosed group`",
        "a) ! `Unmatched closing ')'`",
        "(?<1a>x) ! `a group without a proper name`",
        "(?<a>x)(?<a>y) ! `two groups are named \"a\"`",
        "(?#a ! `a comment that is not closed`",
        "[[:what:]] ! `there is no class \"[:what:]\"`",
        "\\k<a> ! `there is no group \"a\" before its reference`",
        "\\k ! `a reference without a name`",
        "(?P=a ! `there is no group \"\" before its reference`",
    })
    void invalidExpressionIsReported(String regex, String problem) {
        read(regex, false);
        assertEquals("t:1:1: regular expression \"" + regex + "\": " + problem, problems.errors().getFirst().toString());
    }

    @Test
    void nestingOfGroupsIsLimited() {
        read("(".repeat(2000) + ")".repeat(2000), false);
        assertTrue(problems.errors().getFirst().message().endsWith("groups are nested more than 250 deep"));
    }

    @Test
    void equalTextIsEqual() {
        assertEquals(read("a+", true), read("a+", true));
        assertEquals(read("a+", true).hashCode(), read("a+", true).hashCode());
        assertNotEquals(read("a+", true), read("a+", false));
        assertNotEquals(read("a+", true), read("a*", true));
    }

    @Test
    void caseIsIgnoredIfConfigured() {
        assertTrue(read("\\.GIF$", true).capture("a.gif", FakeClient.asks("GET / HTTP/1.1")));
    }

    private Regex read(String text, boolean ignoreCase) {
        var reading = new ParseContext(problems, variables, List.of(), "", "", Machine.ANY);
        return Regexes.read(new Argument("location", new Word(text, new Position("t", 1, 1)), reading), ignoreCase);
    }
}
