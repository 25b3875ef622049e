package io.selvage.server.ssi;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TimeFormatTest {
    private static final ZonedDateTime AFTERNOON = ZonedDateTime.of(2024, 1, 7, 15, 4, 5, 0, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "%A, %d-%b-%Y %H:%M:%S %Z | Sunday, 07-Jan-2024 15:04:05 GMT",
        "%a %h %B %e %k %l %I %p %P | Sun Jan January  7 15  3 03 PM pm",
        "%c | Sun Jan  7 15:04:05 2024",
        "%D %x %F %R %T %X %r | 01/07/24 01/07/24 2024-01-07 15:04 15:04:05 15:04:05 03:04:05 PM",
        "%C %y %g %G %m %j %u %w %U %W %V %s %z | 20 24 24 2024 01 007 7 0 01 01 01 1704639845 +0000",
        "100%% %Q % | 100% %Q %",
    })
    void fieldsAreThoseOfStrftime(String format, String expected) {
        assertEquals(expected, TimeFormat.format(format, AFTERNOON));
    }

    @Test
    void aZoneHasItsName() {
        assertEquals("CET+0100", TimeFormat.format("%Z%z", AFTERNOON.withZoneSameInstant(ZoneId.of("Europe/Berlin"))));
    }
}
