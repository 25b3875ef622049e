package io.selvage.perf.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RequestTest {
    @Test
    void getHasAHostField() {
        assertEquals("GET /a?b HTTP/1.1\r\nHost: shop:8080\r\n\r\n", wire(Request.get("/a?b"), false));
    }

    @Test
    void bodyGetsItsLengthInBytes() {
        var request = new Request("POST", "/", List.of("Content-Type: text/plain"), "é", Expectation.SUCCESS);
        assertEquals("POST / HTTP/1.1\r\nHost: shop:8080\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\né",
                wire(request, false));
    }

    @Test
    void closeAddsAConnectionField() {
        assertEquals("GET / HTTP/1.1\r\nHost: shop:8080\r\nConnection: close\r\n\r\n", wire(Request.get("/"), true));
    }

    @Test
    void givenHeaderReplacesTheAddedOne() {
        var request = new Request("GET", "/", List.of("host: other", "connection: keep-alive"), "", Expectation.SUCCESS);
        assertEquals("GET / HTTP/1.1\r\nhost: other\r\nconnection: keep-alive\r\n\r\n", wire(request, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "relative", "/with blank", "/with\r\nline"})
    void invalidTargetIsRejected(String path) {
        assertThrows(IllegalArgumentException.class, () -> Request.get(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no colon", ": empty", "a b: c", "a: b\r\nc: d"})
    void invalidHeaderIsRejected(String line) {
        assertThrows(IllegalArgumentException.class, () -> new Request("GET", "/", List.of(line), "", Expectation.SUCCESS));
    }

    private static String wire(Request request, boolean close) {
        return new String(request.encode("shop:8080", close), StandardCharsets.UTF_8);
    }
}
