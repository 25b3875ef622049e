package io.selvage.server.http2;

import io.selvage.server.net.Ios;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What HTTP/2 can carry and HTTP/1 would read as another request (RFC 9113 §8.2, §8.3) never reaches a peer.
@Timeout(60)
class Http2SmugglingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private Origin origin;
    private TestServer server;
    private FrameClient client;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.answering(OK);
        server = TestServer.nginx(Ios.usual(), """
                upstream app { server %s; keepalive 4; }
                server {
                    listen 127.0.0.1:0 http2;
                    location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; }
                }
                """.formatted(origin.address()));
        client = FrameClient.open(server.address());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        origin.close();
    }

    /// Sends fields as they are, behind the pseudo-header fields of a POST.
    private FrameClient.Response post(String... fields) throws IOException {
        List<String> all = new ArrayList<>(List.of(":method", "POST", ":scheme", "http", ":path", "/", ":authority", "a"));
        all.addAll(List.of(fields));
        return send("0\r\n\r\nGET /evil HTTP/1.1\r\nHost: a\r\n\r\n", all.toArray(new String[0]));
    }

    private FrameClient.Response send(String body, String... fields) throws IOException {
        int stream = client.nextStream();
        client.frame(out -> {
            int start = FrameWriter.beginHeaders(out);
            out.put(Blocks.plain(fields));
            FrameWriter.endHeaders(out, start, stream, body.isEmpty(), PeerSettings.SMALLEST_MAX_FRAME_SIZE);
        });
        if (!body.isEmpty()) {
            client.data(stream, body, true);
        }
        return client.await(stream);
    }

    private void assertNothingIsPassed(FrameClient.Response response) throws IOException {
        assertTrue(List.of("400", "").contains(response.status()), response.status());
        assertEquals("ok", client.await(client.get("/next")).body());
        assertEquals(1, origin.requests().size(), origin.requests()::toString);
        assertTrue(origin.requests().getFirst().startsWith("GET /next HTTP/1.1\r\n"), origin.requests()::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "transfer-encoding,chunked", "connection,close", "connection,content-length", "keep-alive,x", "proxy-connection,close",
        "upgrade,websocket", "te,gzip", "X-Upper,a", "bad name,a", "bad:name,a", "content-length,+5", "content-length,5 5",
        "content-length,99"})
    void fieldsThatHttp1WouldObeyMakeARequestMalformed(String name, String value) throws IOException {
        assertNothingIsPassed(post(name, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx: y", "a\nx: y", "a\r", "a\0b", " a", "a "})
    void valuesWithEndsOfLinesMakeARequestMalformed(String value) throws IOException {
        assertNothingIsPassed(post("x-test", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx: y", "x: y\r\n\r\nGET /evil HTTP/1.1", "a\nb", "a b"})
    void namesWithEndsOfLinesMakeARequestMalformed(String name) throws IOException {
        assertNothingIsPassed(post(name, "v"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "/a b", "/a HTTP/1.1\r\nHost: b\r\n\r\nGET /evil", "/\r\n", "/\0", "http://b/", "*"})
    void brokenPathsMakeARequestMalformed(String path) throws IOException {
        assertNothingIsPassed(send("", ":method", "GET", ":scheme", "http", ":path", path, ":authority", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /evil HTTP/1.1\r\nHost: b\r\n\r\nGET", "GE T", "G\nT"})
    void brokenMethodsMakeARequestMalformed(String method) throws IOException {
        assertNothingIsPassed(send("", ":method", method, ":scheme", "http", ":path", "/", ":authority", "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx: y", "a b", "user@a", "a/b", "a,b", "[::1", "a:99999"})
    void brokenAuthoritiesAreRefused(String authority) throws IOException {
        assertNothingIsPassed(send("", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", authority));
    }

    @ParameterizedTest
    @CsvSource({":method,GET", ":path,/", ":scheme,http", ":authority,a", ":status,200", ":evil,x"})
    void pseudoFieldsTwiceOrUnknownMakeARequestMalformed(String name, String value) throws IOException {
        assertNothingIsPassed(send("", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a", name, value));
        assertEquals(1, origin.requests().size());
    }

    @Test
    void pseudoFieldsBehindFieldsMakeARequestMalformed() throws IOException {
        assertNothingIsPassed(send("", ":method", "GET", ":scheme", "http", ":authority", "a", "x", "y", ":path", "/"));
    }

    @Test
    void aHostOtherThanTheAuthorityMakesARequestMalformed() throws IOException {
        assertNothingIsPassed(send("", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a", "host", "b"));
    }

    /// The length is that of the DATA, or chunks mark the end.
    @Test
    void bodiesAreFramedAnew() throws IOException {
        FrameClient.Response response = post();
        assertEquals("ok", response.body());
        assertTrue(origin.requests().getLast().contains("GET /evil"), origin.requests()::toString);
        assertTrue(origin.requests().stream().noneMatch(request -> request.startsWith("GET /evil")),
                origin.requests()::toString);
    }

    @Test
    void bytesBehindAnEmptyBodyAreNotPassed() throws IOException {
        post("content-length", "0");
        assertTrue(origin.requests().stream().noneMatch(request -> request.contains("evil")), origin.requests()::toString);
    }

    @Test
    void trailersDoNotFrameAnything() throws IOException {
        int stream = client.post("/");
        client.data(stream, "abc", false);
        client.frame(out -> client.headers(out, stream, true, "transfer-encoding", "chunked"));
        assertEquals("PROTOCOL_ERROR", client.await(stream).end());
        assertEquals("ok", client.await(client.get("/next")).body());
        assertEquals(1, origin.requests().size(), origin.requests()::toString);
    }
}
