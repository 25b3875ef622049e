package io.selvage.perf.input;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class DurationsTest {
    @Test
    void numberAndUnitAreADuration() throws UserError {
        assertEquals(Duration.ofMillis(250), Durations.parse("250ms"));
        assertEquals(Duration.ofSeconds(10), Durations.parse("10"));
        assertEquals(Duration.ofSeconds(90), Durations.parse("1.5m"));
        assertEquals(Duration.ofHours(1), Durations.parse("1h"));
        assertEquals(Duration.ofNanos(5_000), Durations.parse("5us"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "12ms", "1500us", "90s"})
    void printedDurationIsParsedBack(String text) throws UserError {
        assertEquals(Durations.parse(text), Durations.parse(Durations.print(Durations.parse(text))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1d", "1s2", "1e9s"})
    void anythingElseIsRejected(String text) {
        assertThrows(UserError.class, () -> Durations.parse(text));
    }
}
