package io.selvage.server.http;

import io.selvage.server.http.Ranges.Range;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RangesTest {
    private static final String WHOLE = "whole";
    private static final String NONE = "416";

    /// Of 1000 bytes, at most five parts.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-0                          | 0-0",
        "bytes=0-499                        | 0-499",
        "bytes=500-999                      | 500-999",
        "bytes=999-                         | 999-999",
        "bytes=-500                         | 500-999",
        "bytes=-1                           | 999-999",
        "bytes=9500-                        | 416",
        "bytes=1000-                        | 416",
        "bytes=990-1990                     | 990-999",
        "bytes=-5000                        | 0-999",
        "bytes=0-                           | 0-999",
        "BYTES=0-1                          | 0-1",
        "bytes=0-0,-1                       | 0-0 999-999",
        "bytes= 0-999                       | 0-999",
        "bytes=500-600,601-999              | 500-600 601-999",
        "bytes=500-700,601-800              | 500-700 601-800",
        "bytes=10-19, 0-9                   | 10-19 0-9",
        "bytes=0-9,5000-,10-19              | 0-9 10-19",
        "bytes=-0                           | 416",
        "bytes=-0,0-0                       | 0-0",
        "bytes=5-3                          | 416",
        "bytes=5-3,0-0                      | 0-0",
        "bytes=                             | 416",
        "bytes=-                            | 416",
        "bytes=--1                          | 416",
        "bytes=a-b                          | 416",
        "bytes=10                           | 416",
        "bytes=0x0-0x9                      | 416",
        "bytes=0-9 20-29                    | 416",
        "bytes=0-9,                         | 416",
        "bytes=,0-9                         | 416",
        "bytes=+0-9                         | 416",
        "bytes=0-+9                         | 416",
        "bytes=0-18446744073709551616       | 0-999",
        "bytes=18446744073709551616-        | 416",
        "bytes=-18446744073709551616        | 0-999",
        "bytes=9223372036854775807-9223372036854775807 | 416",
        "bytes=00000000000000000000000001-2 | 1-2",
        "bytes=\u000b0-9                         | 416",
        "bytes=0-0\f,1-1                     | 416",
        "items=0-9                          | whole",
        "bytes                              | whole",
        "bytes 0-9                          | whole",
        "0-9                                | whole",
        "bytes=0-999,0-0                    | whole",
        "bytes=0-599,500-999                | whole",
        "bytes=0-0,2-2,4-4,6-6,8-8          | 0-0 2-2 4-4 6-6 8-8",
        "bytes=0-0,2-2,4-4,6-6,8-8,5000-    | 0-0 2-2 4-4 6-6 8-8",
        "bytes=0-0,2-2,4-4,6-6,8-8,10-10    | whole"})
    void requestedRangesAreGranted(String value, String granted) {
        assertEquals(granted, inWords(Ranges.parse(value, 1000, 5)));
    }

    @Test void emptyFileHasNoRanges() {
        assertEquals(WHOLE, inWords(Ranges.parse("bytes=0-0", 0, 5)));
    }

    @Test void maxRangesZeroSendsTheWholeFile() {
        assertEquals(WHOLE, inWords(Ranges.parse("bytes=0-0", 1000, 0)));
        assertEquals("0-0", inWords(Ranges.parse("bytes=0-0", 1000, 1)));
    }

    @Test void thousandOverlappingRangesGetTheFileOnce() {
        String many = IntStream.range(0, 1000).mapToObj(i -> i + "-").collect(Collectors.joining(",", "bytes=", ""));
        assertEquals(WHOLE, inWords(Ranges.parse(many, 1000, 100)));
        assertEquals(WHOLE, inWords(Ranges.parse(many, 1000, Integer.MAX_VALUE)));
    }

    @Test void contentRangeNamesTheLastByte() {
        assertEquals("bytes 10-19/1000", new Range(10, 10).of(1000));
    }

    @RepeatedTest(1000)
    void randomRangesStayWithinTheFile(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        String alphabet = "0123456789--,, -bytes=x\u00ff";
        String value = "bytes=" + random.ints(random.nextInt(40), 0, alphabet.length())
                .mapToObj(i -> String.valueOf(alphabet.charAt(i))).collect(Collectors.joining());
        long size = random.nextLong(1, 200);
        if (Ranges.parse(value, size, 5) instanceof Ranges.Some(var parts)) {
            assertTrue(parts.size() <= 5);
            assertTrue(parts.stream().mapToLong(Range::count).sum() <= size, value);
            assertTrue(parts.stream().allMatch(part -> part.first() >= 0 && part.count() > 0), value);
            assertTrue(parts.stream().allMatch(part -> part.first() + part.count() <= size), value);
        }
    }

    private static String inWords(Ranges ranges) {
        return switch (ranges) {
            case Ranges.Whole() -> WHOLE;
            case Ranges.Unsatisfiable() -> NONE;
            case Ranges.Some(var parts) -> parts.stream()
                    .map(part -> part.first() + "-" + (part.first() + part.count() - 1)).collect(Collectors.joining(" "));
        };
    }
}
