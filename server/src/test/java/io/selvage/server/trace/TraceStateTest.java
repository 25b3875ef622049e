package io.selvage.server.trace;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// W3C Trace Context, Level 1, §3.3.
class TraceStateTest {

    private static String joined(String... values) {
        return TraceState.joined(List.of(values));
    }

    private static String members(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=1").collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1", "a=1,b=2", "t1@s=x y", "0tenant@system=1", "a_b-c*d/e=!-~", "a=;:\"{}"})
    void aValidListIsPassedOnAsItIs(String value) {
        assertEquals(value, joined(value));
    }

    @Test
    void fieldsAreJoinedAndWhiteSpaceAndEmptyMembersAreLeftOut() {
        assertEquals("a=1,b=2,c=3", joined("a=1 ,\tb=2", "", ",c=3,"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "=1", "a=", "A=1", "a=1=2", "a=1,b", "a =1", "a@b@c=1", "@b=1", "a@=1", "1a=1", "a=1,a=2",
        "a=\u00e4", "a=\u0007", "tenant@averylongsystem=1"})
    void aListWithAnInvalidMemberIsDropped(String value) {
        assertEquals("", joined(value));
        assertEquals("", joined("ok=1", value));
    }

    @Test
    void keysValuesAndTheirNumberAreBounded() {
        String key = "k".repeat(256);
        assertEquals(key + "=1", joined(key + "=1"));
        assertEquals("", joined(key + "k=1"));
        String value = "v".repeat(256);
        assertEquals("a=" + value, joined("a=" + value));
        assertEquals("", joined("a=v" + value));
        assertEquals(members(32), joined(members(32)));
        assertEquals("", joined(members(33)));
    }
}
