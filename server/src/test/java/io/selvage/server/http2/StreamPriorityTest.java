package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class StreamPriorityTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
        "''           | 3 | false",
        "u=0          | 0 | false",
        "u=7, i       | 7 | true",
        "i, u=1       | 1 | true",
        "i=?1         | 3 | true",
        "u=2, i, i=?0 | 2 | false",
        "u=5, u=1     | 1 | false",
        "u=2;a=b, i;c | 2 | true",
        "u=8          | 3 | false",
        "u=-1         | 3 | false",
        "u=10         | 3 | false",
        "x=1, u=4     | 4 | false",
    })
    void urgencyAndIncrementalAreRead(String value, int urgency, boolean incremental) {
        assertEquals(new StreamPriority(urgency, incremental), StreamPriority.parse(value));
    }

    @Test
    void severalFieldsAreOneDictionary() {
        Headers request = Headers.builder().add("priority", "u=1").add("priority", "i").build();
        assertEquals(new StreamPriority(1, true), StreamPriority.of(request));
    }

    @Test
    void aRequestWithoutTheFieldHasTheDefault() {
        assertSame(StreamPriority.DEFAULT, StreamPriority.of(Headers.EMPTY));
    }
}
