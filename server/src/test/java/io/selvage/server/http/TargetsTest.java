package io.selvage.server.http;

import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TargetsTest {

    @ParameterizedTest
    @CsvSource({"/,/", "/a/b,/a/b", "/a//b,/a/b", "///,/", "/a/./b,/a/b", "/a/../b,/b", "/a/b/..,/a/", "/a/.,/a/",
        "/a/b/../../c,/c",
        "/%61,/a", "/%2e%2e,", "/a/%2e%2e/b,/b", "/a%2f..%2fb,/b", "/a..,/a..", "/..a,/..a", "/.../,/.../", "/.a/b,/.a/b",
        "/%252e%252e/,/%2e%2e/", "/a%5c..%5cb,/a\\..\\b", "/a;x=1/b,/a;x=1/b", "/a%20b,/a b", "/a%3fb,/a?b", "/a%23b,/a#b",
        "/a%2Fb,/a/b", "/..,", "/a/../..,", "/.,/", "/a//../b,/b", "/a%,", "/a%2,", "/a%g1,", "/a%1g,", "/a%00,", "/a/.%2e/b,/b",
        "/%2e,/", "/a/%2e.,/"})
    void normalisesThePathOnce(String raw, String path) {
        if (path == null) {
            assertInstanceOf(Targets.Reading.Refused.class, Targets.parse(raw, true), raw);
        } else {
            assertEquals(path, understood(raw, true).path());
            assertEquals(raw, understood(raw, true).raw());
        }
    }

    @Test
    void keepsDoubledSlashesIfConfigured() {
        assertEquals("/a//b/", understood("/a//b/", false).path());
        assertEquals("/a/b", understood("/a//../b", false).path());
        assertEquals("//", understood("//", false).path());
    }

    @Test
    void decodesToBytes() {
        assertEquals("/\u00c3\u00a4\u00e4\r\n", understood("/%C3%a4\u00e4%0d%0A", true).path());
    }

    @Test
    void leavesTheQueryAlone() {
        Target target = understood("/a?b=%zz&/../c?d", true);

        assertEquals("/a", target.path());
        assertEquals("b=%zz&/../c?d", target.query());
    }

    @Test
    void readsAnAbsoluteTarget() {
        assertEquals(new Target(Target.Form.ABSOLUTE, "/", "/", "", "a"), understood("http://a", true));
        assertEquals(new Target(Target.Form.ABSOLUTE, "/?x", "/", "x", "a:81"), understood("HTTP://a:81?x", true));
        assertEquals(new Target(Target.Form.ABSOLUTE, "/b/../c", "/c", "", "[::1]"), understood("https://[::1]/b/../c", true));
    }

    @Test
    void readsAnAsterisk() {
        assertEquals(new Target(Target.Form.ASTERISK, "*", "*", "", ""), understood("*", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "**", "/a b", "/a\tb", "/a\0", "/a\u007f", "/#", "/?#", "/?\u0001",
        "http://", "http://a@b/",
        "http://a:b@c/", "ftp://a/", "http:a", "javascript://a/", "http://a:99999/", "http://a,b/", "http://a\\b/"})
    void refusesAmbiguousTargets(String raw) {
        assertInstanceOf(Targets.Reading.Refused.class, Targets.parse(raw, true));
    }

    @RepeatedTest(1_000)
    void randomPathsStayBelowTheRoot(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        String[] pieces = {"/", ".", "..", "%2e", "%2f", "a", "%", "?", "//", "%5c", "\u00ff"};
        StringBuilder raw = new StringBuilder("/");
        for (int i = random.nextInt(20); i > 0; i--) {
            raw.append(pieces[random.nextInt(pieces.length)]);
        }
        boolean merge = random.nextBoolean();

        if (Targets.parse(raw.toString(), merge) instanceof Targets.Reading.Valid(Target target)) {
            String path = target.path();
            assertTrue(path.startsWith("/"), path);
            assertFalse((path + "/").contains("/../") || (path + "/").contains("/./"), path);
            assertFalse(merge && path.contains("//"), path);
        }
    }

    private static Target understood(String raw, boolean mergeSlashes) {
        return assertInstanceOf(Targets.Reading.Valid.class, Targets.parse(raw, mergeSlashes)).target();
    }
}
