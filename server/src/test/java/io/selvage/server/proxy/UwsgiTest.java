package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A uWSGI application as a peer.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class UwsgiTest {
    @Parameter
    private Io io;

    private static final UwsgiVariables VARIABLES = new UwsgiVariables(List.of(
            new UwsgiParam("REQUEST_METHOD", exchange -> exchange.method().name(), false),
            new UwsgiParam("CONTENT_LENGTH", exchange -> exchange.headers().first("Content-Length").orElse(""), false),
            new UwsgiParam("HTTPS", Text.literal(""), true)), true);
    private static final UwsgiProtocol UWSGI = new UwsgiProtocol(VARIABLES, 0, 0);

    @Test
    void anApplicationIsToldAllInOnePacketAndTheBodyFollows() throws Exception {
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
             Proxying proxy = Proxying.to(io, origin).speaking(UWSGI)) {
            Exchange exchange = proxy.client.sends(FakeBody.chunked("bo", "dy"), "POST", "/x", "Host", "example.org",
                    "Accept", "a", "accept", "b", "Cookie", "c=d", "Cookie", "e=f", "Proxy", "http://evil/",
                    "Connection", "keep-alive",
                    "X-Name", "good", "X_Name", "bad", "Y_Name", "kept", "Transfer-Encoding", "chunked");
            assertEquals("200 ok", proxy.told(exchange));
            assertEquals(List.of("00 {REQUEST_METHOD=POST, CONTENT_LENGTH=4, HTTP_HOST=example.org, HTTP_ACCEPT=a, b, "
                    + "HTTP_COOKIE=c=d; e=f, HTTP_X_NAME=good, HTTP_Y_NAME=kept} body"), origin.requests());
            assertEquals(List.of(), proxy.log());
        }
    }

    @Test
    void aRequestWithoutABodyHasTheLengthThatIsConfigured() throws Exception {
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\n\r\nok"));
             Proxying proxy = Proxying.to(io, origin).speaking(new UwsgiProtocol(VARIABLES, 5, 7))) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("57 {REQUEST_METHOD=GET, CONTENT_LENGTH=} ", origin.requests().getFirst());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void aStatusMayStandInAFieldAsForCgi() throws Exception {
        try (Origin origin = Origin.scripted(answer("Status: 404 Not Found\r\nContent-Type: text/plain\r\n\r\nnone"));
             Proxying proxy = Proxying.to(io, origin).speaking(UWSGI)) {
            assertEquals("404 none", proxy.get("/"));
        }
    }

    @Test
    void anAnswerAsForCgiMayComeInPieces() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readBytes(4);
            for (char piece : "Host-Says: x\r\nStatus: 503\r\n\r\nbusy".toCharArray()) {
                wire.send(String.valueOf(piece));
            }
        });
             Proxying proxy = Proxying.to(io, origin).speaking(UWSGI)) {
            assertEquals("503 busy", proxy.get("/"));
        }
    }

    @Test
    void variablesThatNoPacketHoldsAreRefusedBeforeAPeerIsTroubled() throws Exception {
        try (Origin origin = Origin.scripted(answer("never")); Proxying proxy = Proxying.to(io, origin).speaking(UWSGI)) {
            assertEquals("500 failed", proxy.get("/", "Cookie", "x".repeat(70_000)));
            assertEquals(0, origin.connections());
            assertTrue(proxy.log().getFirst().startsWith("the uwsgi variables take 7"));
        }
    }

    private static Origin.Script answer(String bytes) {
        return wire -> {
            byte[] head = wire.readBytes(4).getBytes(ISO_8859_1);
            int size = head[1] & 0xff | (head[2] & 0xff) << 8;
            Map<String, String> variables = variables(wire.readBytes(size));
            String length = variables.getOrDefault("CONTENT_LENGTH", "");
            String body = length.isEmpty() ? "" : wire.readBytes(Integer.parseInt(length));
            wire.record("" + head[0] + head[3] + " " + variables + " " + body);
            wire.send(bytes);
        };
    }

    private static Map<String, String> variables(String block) {
        Map<String, String> variables = new LinkedHashMap<>();
        int at = 0;
        while (at < block.length()) {
            int name = block.charAt(at) | block.charAt(at + 1) << 8;
            int valueAt = at + 2 + name;
            int value = block.charAt(valueAt) | block.charAt(valueAt + 1) << 8;
            variables.put(block.substring(at + 2, valueAt), block.substring(valueAt + 2, valueAt + 2 + value));
            at = valueAt + 2 + value;
        }
        return variables;
    }
}
