package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The proxy refuses malformed requests. No byte of them reaches the peer, whose kept connection stays open.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class MalformedRequestsTest {
    private static final String POST = "POST /bad HTTP/1.1\r\nHost: a\r\n";
    private static final String GET = "GET /bad HTTP/1.1\r\nHost: a\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    private Io io;
    private Origin origin;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        server = TestServer.inFrontOf(io, origin,
                "location /streamed { proxy_pass http://app; proxy_request_buffering off; }");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        origin.close();
    }

    @Test
    void lengthWithChunkedIsRefused() throws IOException {
        refuses(POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
                POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }

    @Test
    void codingsOtherThanChunkedAreRefused() throws IOException {
        for (String coding : List.of("chunked, identity", "gzip, chunked, gzip", "xchunked", "gzip", "chunked,", ",chunked",
                "\"chunked\"", "chunked;q=1", "\u000bchunked", "chunked\0", "chunked, chunked", "identity", "",
                "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: identity", "gzip, chunked",
                "chunked\u00a0", "\u0085chunked", "ch\u00dfunked")) {
            String answer = bad(POST + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
            assertTrue(answer.startsWith("HTTP/1.1 400 ") || answer.startsWith("HTTP/1.1 501 "), () -> coding + ": " + answer);
        }
        peerSaw();
    }

    @Test
    void chunkedInHttp10IsRefused() throws IOException {
        refuses("POST /bad HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }

    @Test
    void invalidLengthIsRefused() throws IOException {
        refuses(Arrays.stream(new String[] {"", "+5", "-1", "0x5", "5_0", "5 5", "5,6", "5;", "\u00d9\u00a5",
            "9223372036854775808", "18446744073709551621", "1".repeat(300), "5, 5 ,6",
            "5\0", "\u000b5", "5\u00a0", ", 5", "5,", "5.0",
            "5e0", "5\r\nContent-Length: 6", "0\r\nContent-Length: 5"})
                .map(length -> POST + "Content-Length: " + length + "\r\n\r\nhello" + SMUGGLED).toArray(String[]::new));
    }

    @Test
    void invalidChunkSizeIsRefused() throws IOException {
        for (String size : List.of("", "+5", " 5", "5 ", "0x5", "-1", "5_0", "00000000000000005", "100000004",
                "FFFFFFFFFFFFFFFF", "5\t", "g", "5\u00a0")) {
            refusesBody("Transfer-Encoding: chunked\r\n\r\n" + size + "\r\nhello\r\n0\r\n\r\n" + SMUGGLED);
        }
        peerSaw();
    }

    @Test
    void invalidChunkLineEndIsRefused() throws IOException {
        for (String chunks : List.of("5\nhello\r\n0\r\n\r\n", "5;a\nhello\r\n0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\rhello\r\n0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n",
                "5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n", "5\r\r\nhello\r\n0\r\n\r\n",
                "5;a=\"b\nc\"\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\n\r\n", "5;\0\r\nhello\r\n0\r\n\r\n")) {
            refusesBody("Transfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED);
        }
        peerSaw();
    }

    @Test
    void endlessChunkExtensionOrTrailerIsRefused() throws IOException {
        refusesBody("Transfer-Encoding: chunked\r\n\r\n5;" + "a".repeat(64 * 1024) + "\r\nhello\r\n0\r\n\r\n");
        refusesBody("Transfer-Encoding: chunked\r\n\r\n" + ("1;" + "a".repeat(4096) + "\r\nx\r\n").repeat(100) + "0\r\n\r\n");
        refusesBody("Transfer-Encoding: chunked\r\n\r\n0\r\n" + "X: y\r\n".repeat(10_000) + "\r\n");
        refusesBody("Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + "y".repeat(100_000) + "\r\n\r\n");
        peerSaw();
    }

    @Test
    void requestLineWithoutThreePartsIsRefused() throws IOException {
        refuses("GET  /bad HTTP/1.1\r\nHost: a\r\n\r\n", "GET\t/bad\tHTTP/1.1\r\nHost: a\r\n\r\n",
                "GET HTTP/1.1\r\nHost: a\r\n\r\n", "GET /bad HTTP/1.1\rHost: a\r\n\r\n",
                "GET /b\rad HTTP/1.1\r\nHost: a\r\n\r\n", "GET /bad  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /bad HTTP/1.1 \r\nHost: a\r\n\r\n", " GET /bad HTTP/1.1\r\nHost: a\r\n\r\n",
                "G\0T /bad HTTP/1.1\r\nHost: a\r\n\r\n", "GET /bad HTTP/1.1\r\r\nHost: a\r\n\r\n",
                "GET /bad HTTP/1.1\r\n Host: a\r\n\r\n", GET + "\r\r\n", GET + "\rX\r\n\r\n", GET + "\r\r\r\n\r\n");
    }

    @Test
    void unknownVersionIsRefused() throws IOException {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("HTTP/1.10", "400");
        versions.put("http/1.1", "400");
        versions.put("HTTP/1.1x", "400");
        versions.put("HTTP/257.1", "400");
        versions.put("HTTP/2.0", "505");
        versions.put("HTTP/1.", "400");
        for (var version : versions.entrySet()) {
            String answer = bad("GET /bad " + version.getKey() + "\r\nHost: a\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 " + version.getValue()) || answer.startsWith("HTTP/1.1 505"),
                    () -> version + ": " + answer);
        }
        refuses("GET /bad\r\n", "GET /bad\r\nHost: a\r\n\r\n");
    }

    @Test
    void malformedFieldIsRefused() throws IOException {
        refuses(Arrays.stream(new String[] {"Content-Length : 5", "no colon", ": empty", "X\0: y", "X: a\0b", "X: a\rb",
            " folded: yes", "X: a\r\n folded", "X: a\r\n\tfolded", "Transfer-Encoding:\r\n chunked", "Content-Length:\r\n 5",
            "X\r: y"})
                .map(field -> "POST /bad HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\nhello" + SMUGGLED).toArray(String[]::new));
    }

    @Test
    void tooLongHeadIsRefused() throws IOException {
        for (String fields : List.of("X: y\r\n".repeat(10_000), "X: " + "y".repeat(64 * 1024) + "\r\n",
                ("X: " + "y".repeat(8000) + "\r\n").repeat(130))) {
            String answer = bad(GET + fields + "\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 431 ") || answer.startsWith("HTTP/1.1 400 "), answer);
        }
        String answer = bad("GET /" + "a".repeat(64 * 1024) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 414 "), answer);
        peerSaw();
    }

    @Test
    void invalidHostIsRefused() throws IOException {
        refuses("GET /bad HTTP/1.1\r\n\r\n", "GET /bad HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /bad HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /bad HTTP/1.1\r\nHost: a/../b\r\n\r\n", "GET /bad HTTP/1.1\r\nHost: [::1\r\n\r\n",
                "GET /bad HTTP/1.1\r\nHost: user@a\r\n\r\n", "GET /bad HTTP/1.1\r\nHost: a,b\r\n\r\n");
    }

    /// Each is answered 400, once, and ends its connection; the peer hears of none.
    private void refuses(String... requests) throws IOException {
        for (String request : requests) {
            String answer = bad(request);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), () -> request + "\n" + answer);
        }
        peerSaw();
    }

    /// The mistake follows a valid head. The start of a streamed body has been sent to the peer by then.
    private void refusesBody(String rest) throws IOException {
        String answer = bad(POST + rest);
        assertTrue(answer.matches("(?s)HTTP/1.1 (400|413|431) .*"), () -> rest + "\n" + answer);
    }

    private String bad(String request) throws IOException {
        String answer = server.ask(request);
        assertEquals(1, answer.split("HTTP/1\\.1 ", -1).length - 1, () -> request + "\n" + answer);
        assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
        return answer;
    }

    /// Two good requests, before and after: the peer has got these and not one byte more.
    private void peerSaw() throws IOException {
        assertEquals(0, origin.received());
        for (String path : List.of("/one", "/two")) {
            assertTrue(server.get(path).endsWith("\r\n\r\nhi"));
        }
        List<String> lines = origin.requests().stream().map(request -> request.substring(0, request.indexOf("\r\n"))).toList();
        assertEquals(List.of("GET /one HTTP/1.1", "GET /two HTTP/1.1"), lines);
        assertEquals(String.join("", origin.requests()).length(), origin.received());
        assertTrue(origin.connections() <= io.places());
    }
}
