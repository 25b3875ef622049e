package io.selvage.perf.load;

import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import io.selvage.perf.input.YamlFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class MixFileTest {
    @Test
    void mixHasRequestsWithWeights() throws UserError {
        Mix mix = mix("""
                requests:
                  - path: /
                    weight: 9
                  - method: POST
                    path: /orders
                    headers: ["Content-Type: application/json"]
                    body: '{"n": 1}'
                    status: 201
                    length: 12
                """);
        assertEquals(List.of("/", "/orders"), mix.requests().stream().map(Request::path).toList());
        Request order = mix.requests().get(1);
        assertEquals("POST", order.method());
        assertEquals("{\"n\": 1}", order.body());
        assertEquals(201, order.expect().lowestStatus());
        assertEquals(12, order.expect().length());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'requests: []'                             | mix.yaml:1:11: "requests" needs at least one request
            'requests: [{weight: 2}]'                  | mix.yaml:1:12: "path" is missing
            'requests: [{path: /, wieght: 2}]'         | mix.yaml:1:22: unknown key "wieght" (did you mean "weight"?)
            'requests: [{path: /, weight: none}]'      | mix.yaml:1:30: "weight" needs a whole number of 1 or more, got "none"
            'requests: [{path: a}]'                   | mix.yaml:1:19: "a" is not a path; a path starts with / and has no blanks
            'requests: [{path: /, path: /}]'           | mix.yaml:1:22: "path" is given twice
            'requests: {path: /'                       | mix.yaml:1:19: expected ',' or '}', but got <stream end>
            'requests: 7'                              | mix.yaml:1:11: "requests" is a list
            'hello'                                    | mix.yaml:1:1: expected "key: value" lines
            """)
    void mistakeIsReportedWithItsPosition(String text, String message) {
        assertEquals(message, assertThrows(UserError.class, () -> mix(text)).getMessage());
    }

    private static Mix mix(String text) throws UserError {
        return MixFile.of(YamlFile.parse("mix.yaml", text));
    }
}
