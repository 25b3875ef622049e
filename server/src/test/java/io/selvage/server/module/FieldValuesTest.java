package io.selvage.server.module;

import io.selvage.server.http.Headers;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The expected values are those of nginx 1.22.
class FieldValuesTest {

    /// Values are between bars, and a missing cookie is `none`.
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a=1 -> |1|", "a = 1 -> |1|", "A=1 -> |1|", "b=2; a=1 -> |1|", "b=2;a=1;a=3 -> |1|", "b=2,a=1 -> |1|",
        "a=1,2;b=3 -> |1,2|", "a=1 ;b=2 -> |1 |", "a=\t1\t -> |\t1\t|", "b=2;\ta=1 -> none", "a\t=1 -> none", "a -> none",
        "aa=1 -> none", "a= -> ||", "a= ;b=1 -> ||", "=1 -> none", "a=b=c -> |b=c|", "a=\"x y\" -> |\"x y\"|"})
    void cookieIsReadAsNginxReadsIt(String example) {
        String field = example.substring(0, example.indexOf(" -> "));
        assertEquals(expected(example), FieldValues.cookie(Headers.of("Cookie", field), "a"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a=1; Path=/ -> |1|", "A = 1; -> |1|", "a=\t1\t; Path=/ -> |\t1\t|", "a=1,2 -> |1,2|",
        "b=1; a=2 -> none", "a\t=1 -> none", "a= -> ||"})
    void setCookieIsReadAsNginxReadsIt(String example) {
        String field = example.substring(0, example.indexOf(" -> "));
        assertEquals(expected(example), FieldValues.setCookie(Headers.of("Set-Cookie", field), "a"));
    }

    private static Optional<String> expected(String example) {
        String value = example.substring(example.indexOf(" -> ") + 4);
        return value.equals("none") ? Optional.empty() : Optional.of(value.substring(1, value.length() - 1));
    }

    @Test
    void firstFieldWithTheCookieCounts() {
        assertEquals(Optional.of("1"), FieldValues.cookie(Headers.of("Cookie", "b=0", "cookie", "a=1", "Cookie", "a=2"), "a"));
        assertEquals(Optional.of("1"),
                FieldValues.setCookie(Headers.of("Set-Cookie", "b=0", "Set-Cookie", "a=1", "Set-Cookie", "a=2"), "a"));
    }
}
