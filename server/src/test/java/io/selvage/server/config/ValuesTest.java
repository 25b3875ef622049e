package io.selvage.server.config;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class ValuesTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "8k, 8192", "8K, 8192", "1m, 1048576", "2G, 2147483648", "10737418240, 10737418240"})
    void sizesAreReadInBytes(String text, long bytes) {
        assertEquals(bytes, Values.size(text).orElseThrow());
        assertEquals(bytes, Values.size(Values.size(bytes)).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "1kb", "1.5k", "1 k", "k1", "9999999999999999999", "999999999999999999g", "\u0661"})
    void invalidSizeIsEmpty(String text) {
        assertFalse(Values.size(text).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "60, 60000", "60s, 60000", "1500ms, 1500", "1m, 60000", "1h 30m, 5400000",
        "1h30m, 5400000", "1d, 86400000", "1w, 604800000", "1M, 2592000000", "1y, 31536000000", "1h 5, 3605000", "1s500ms, 1500"})
    void timesAreReadInMilliseconds(String text, long millis) {
        assertEquals(millis, Values.millis(text).orElseThrow());
        assertEquals(millis, Values.millis(Values.time(Duration.ofMillis(millis))).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "1x", "1m 1h", "1m1m", "5 1s", "-1s", "1.5s", "1s ms", "99999999999y", " 1s"})
    void invalidTimeIsEmpty(String text) {
        assertFalse(Values.millis(text).isPresent());
    }

    @Test
    void largestExactUnitIsWritten() {
        assertEquals("3g", Values.size(3L << 30));
        assertEquals("1025k", Values.size(1025 << 10));
        assertEquals("0", Values.size(0));
        assertEquals("1s1ms", Values.time(Duration.ofMillis(1001)));
    }
}
