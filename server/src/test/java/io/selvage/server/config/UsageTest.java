package io.selvage.server.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class UsageTest {

    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource(nullValues = "-", value = {
        "on|off,            ON,        ''",
        "on|off,            maybe,     '\"on\" or \"off\"'",
        "<number>,          12,        ''",
        "<number>,          -1,        a number",
        "<integer>,         -1,        ''",
        "<integer>,         one,       an integer",
        "<size>,            4k,        ''",
        "<size>,            4x,        a size",
        "<time>,            1m30s,     ''",
        "<time>,            fast,      a time",
        "auto|<mask>,       0101,      ''",
        "auto|<mask>,       2,         '\"auto\" or a mask'",
        "threads=<text>,    threads=a, ''",
        "threads=<text>,    threads=,  '\"threads=<text>\"'",
    })
    void argumentIsChecked(String usage, String argument, String needed) {
        assertEquals(needed, Usage.parse(usage).needed(0, argument));
    }

    @Test
    void optionalParametersComeInAnyOrder() {
        Usage usage = Usage.parse("<text> a=<number>? b=<number>?");
        assertEquals("one to three arguments", usage.shape().arguments());
        assertEquals("", usage.needed(1, "b=1") + usage.needed(2, "a=1"));
        assertEquals("\"a=<number>\" or \"b=<number>\"", usage.needed(1, "c=1"));
    }

    @Test
    void repeatedParameterHasNoBound() {
        Usage usage = Usage.parse("none|x none|x*");
        assertEquals("at least one argument", usage.shape().arguments());
        assertEquals("", usage.needed(7, "x"));
    }
}
