package io.selvage.server.http;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HttpDateTest {
    private static final long BIRTHDAY = Instant.parse("1994-11-06T08:49:37Z").getEpochSecond();
    private static final long NOW = Instant.parse("2026-06-01T00:00:00Z").getEpochSecond();

    @Test void imfFixdateIsWritten() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(BIRTHDAY));
        assertEquals("Thu, 01 Jan 1970 00:00:00 GMT", HttpDate.format(0));
        assertEquals("Wed, 31 Dec 1969 23:59:59 GMT", HttpDate.format(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    void threeFormatsAreRead(String text) {
        assertEquals(OptionalLong.of(BIRTHDAY), HttpDate.parse(text, NOW));
    }

    @ParameterizedTest
    @CsvSource({
        "'Wednesday, 15-Jan-76 00:00:00 GMT', 2076-01-15T00:00:00Z",
        "'Saturday, 15-Jan-77 00:00:00 GMT', 1977-01-15T00:00:00Z",
        "'Friday, 15-Jan-00 00:00:00 GMT', ''",
        "'Saturday, 15-Jan-00 00:00:00 GMT', 2000-01-15T00:00:00Z"})
    void twoDigitYearIsAtMostFiftyYearsAhead(String text, String meant) {
        assertEquals(meant.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Instant.parse(meant).getEpochSecond()),
                HttpDate.parse(text, NOW));
    }

    @Test void writtenDateIsReadBack() {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 1000; i++) {
            long seconds = random.nextLong(-62_000_000_000L, 253_000_000_000L);
            assertEquals(OptionalLong.of(seconds), HttpDate.parse(HttpDate.format(seconds), NOW));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "0", "wrong", "Sun", "Sun,", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Thu, 30 Feb 1995 08:49:37 GMT", "Sun, 06 Nov 1994  08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Foo-94 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 UTC",
        "Sun Nov 6 08:49:37 1994", "1994-11-06T08:49:37Z", "784111777", "Sun, 06 Nov 19940 08:49:37 GMT"})
    void invalidDateIsEmpty(String text) {
        assertEquals(OptionalLong.empty(), HttpDate.parse(text, NOW));
    }

    @RepeatedTest(500)
    void randomTextCausesNoException(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var text = new StringBuilder("Sunday, 06-Nov-94 08:49:37 GMT");
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
        }
        HttpDate.parse(text.toString(), NOW);
        HttpDate.parse(text.substring(random.nextInt(text.length())), NOW);
    }

    @Test void veryLongTextIsNotParsed() {
        assertEquals(OptionalLong.empty(), HttpDate.parse("Sun, ".repeat(10_000), NOW));
    }
}
