package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.net.Io;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Bodies that are sent as they come.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class StreamingRequestBodyTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Parameter
    private Io io;

    @Test
    void shortBodyIsKeptWhenAllOfItWasSent() throws Exception {
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(ProxyOptionsBuilder::streamedBody)) {
            Exchange exchange = proxy.client.sends(FakeBody.chunked("bo", "dy"), "POST", "/");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals(Optional.of("body"), exchange.body().text());
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals(List.of("2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", "body"),
                    origin.requests().stream().map(request -> request.substring(request.indexOf("\r\n\r\n") + 4)).toList());
        }
    }

    @Test
    void bodiesOfAllLengthsArriveWhole() throws Exception {
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(ProxyOptionsBuilder::streamedBody)) {
            for (int length : new int[] {1, 16_383, 16_384, 16_385, 40_000}) {
                String body = "x".repeat(length - 1) + "y";
                FakeBody halves = FakeBody.withLength(body.substring(0, length / 2), body.substring(length / 2));
                assertEquals("200 ok", proxy.post(halves));
                String request = origin.requests().getLast();
                assertEquals(body, request.substring(request.indexOf("\r\n\r\n") + 4));
            }
        }
    }

    @Test
    void bodyLongerThanTheBufferIsNotKept() throws Exception {
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(ProxyOptionsBuilder::streamedBody)) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength("x".repeat(16_384)), "POST", "/");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals(Optional.empty(), exchange.body().text());
        }
    }
}
