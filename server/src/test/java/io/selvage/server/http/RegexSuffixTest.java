package io.selvage.server.http;

import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RegexSuffixTest {
    private static final List<String> PIECES = List.of("a", "b", "\\.", ".", "\\\\", "/", "-", "(a)", "(.*)", "[ab]", "a+", "b?",
            "a{2}", "\\d", "\\b", "1", "\\x61", "\\1", "|", "^", "$", "(?:b)", "(?=a)", "\\Qa\\E", "\\$", "_");

    @ParameterizedTest
    @CsvSource({"\\.php$, .php", "^/(.*)/(.*)x$, x", "[ab]-c/d_$, -c/d_", "\\\\.a$, a", "\\\\\\.a$, \\.a", "\\d1$, 1", "a+b$, b",
        "^/$, /"})
    void endOfTheExpressionIsTheEndOfEveryMatch(String expression, String suffix) {
        assertEquals(suffix, RegexSuffix.of(expression));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\.php", "a\\$", "a|b$", "(a|b)$", "\\x41$", "(a)\\11$", "(?i)a$", "(?:a)$", "\\Qa$", "\\p{L}a$",
        "[a]$", "a+$", "a{2}$", ".$", "$", "", "a$$", "\\d$"})
    void otherExpressionsHaveNone(String expression) {
        assertEquals("", RegexSuffix.of(expression));
    }

    @Test
    void lineFeedMayFollowTheEnd() {
        assertTrue(new Regex("\\.php$", false).groups("/a.php\n").isPresent());
        assertFalse(new Regex("\\.php$", false).groups("/a.php\n\n").isPresent());
    }

    @Test
    void textWithAnotherEndIsNotSearched() {
        assertTrue(new Regex("^(.*)(.*)(.*)(.*)(.*)x$", false).groups("a/".repeat(4000)).isEmpty());
    }

    @RepeatedTest(2000)
    void resultIsThatOfTheSearch(RepetitionInfo run) {
        SplittableRandom random = new SplittableRandom(run.getCurrentRepetition());
        StringBuilder expression = new StringBuilder("(a)?");
        for (int i = random.nextInt(6); i >= 0; i--) {
            expression.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        String source = expression.append('$').toString();
        Pattern pattern = Pattern.compile(source, Pattern.UNIX_LINES);
        String suffix = RegexSuffix.of(source);
        for (int i = 0; i < 50; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(6); length > 0; length--) {
                text.append("aab.\\/-1_$\nc".charAt(random.nextInt(12)));
            }
            String subject = text.toString();
            if (pattern.matcher(subject).find()) {
                assertTrue(subject.endsWith(suffix) || subject.endsWith("\n"), source + " in " + subject);
            }
        }
    }
}
