package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CgiHeadTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'404 Not Found' | 404", "'201' | 201", "'  302  Found ' | 302", "'\t500\tOh' | 502", "'999 Odd' | 999",
        "'100 Continue' | 502", "'OK' | 502", "'20' | 502", "'2000 OK' | 502", "'' | 502", "'\u000b200 OK' | 502",
        "'\u00b200 OK' | 502"})
    void statusFieldBecomesTheStatus(String value, int code) {
        ResponseHead head = new ResponseHead(Status.OK, Headers.of("A", "b", "Status", value, "C", "d"));
        assertEquals(code, CgiHead.decode(head).status().code());
        assertEquals(Headers.of("A", "b", "C", "d"), CgiHead.decode(head).headers());
    }
}
