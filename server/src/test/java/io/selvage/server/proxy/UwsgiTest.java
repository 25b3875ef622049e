package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A uWSGI application as a peer.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class UwsgiTest {
    @Parameter
    private Io io;

    private static final CgiVariables CLIENT_FIELDS =
            new CgiVariables(List.of(), true, LoopDetection.NONE, UpgradeProtocols.DEFAULT);
    private static final CgiVariables VARIABLES = new CgiVariables(List.of(
            new CgiParam("REQUEST_METHOD", exchange -> exchange.routing().method().name(), false),
            new CgiParam("CONTENT_LENGTH", exchange -> exchange.headers().first("Content-Length").orElse(""), false),
            new CgiParam("HTTPS", Text.literal(""), true)), true, LoopDetection.NONE, UpgradeProtocols.DEFAULT);
    private static final UwsgiProtocol UWSGI = new UwsgiProtocol(VARIABLES, 0, 0);

    @Test
    void requestIsOnePacketFollowedByBody() throws Exception {
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(UWSGI)) {
            Exchange exchange = proxy.client.sends(FakeBody.chunked("bo", "dy"), "POST", "/x", "Host", "example.org",
                    "Accept", "a", "accept", "b", "Cookie", "c=d", "Cookie", "e=f", "Proxy", "http://evil/",
                    "Connection", "keep-alive",
                    "X-Name", "good", "X_Name", "bad", "Y_Name", "kept", "Transfer-Encoding", "chunked");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals(List.of("00 {REQUEST_METHOD=POST, CONTENT_LENGTH=4, HTTP_HOST=example.org, HTTP_ACCEPT=a, b, "
                    + "HTTP_COOKIE=c=d; e=f, HTTP_X_NAME=good, HTTP_Y_NAME=kept} body"), origin.requests());
            assertEquals(List.of(), proxy.log());
        }
    }

    @Test
    void configuredVariableReplacesField() throws Exception {
        CgiVariables variables = new CgiVariables(List.of(
                new CgiParam("HTTP_HOST", Text.literal("app.example"), false),
                new CgiParam("HTTP_X_NAME", Text.literal(""), true),
                new CgiParam("HTTP_UPGRADE", Text.literal(""), true)), true, LoopDetection.NONE, UpgradeProtocols.DEFAULT);
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\n\r\nok"));
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(new UwsgiProtocol(variables, 0, 0))) {
            assertEquals("200 ok", proxy.get("/", "Host", "example.org", "x-name", "good", "X_Name", "bad", "Accept", "a",
                    "Connection", "upgrade", "Upgrade", "websocket"));
            assertEquals(List.of("00 {HTTP_HOST=app.example, HTTP_ACCEPT=a, HTTP_CONNECTION=upgrade} "), origin.requests());
        }
    }

    /// As in nginx, where the empty string means that an application gets none of the client's field.
    @Test
    void emptyVariableInPlaceOfAFieldIsLeftOut() throws Exception {
        CgiVariables variables = new CgiVariables(List.of(
                new CgiParam("HTTP_ACCEPT", Text.literal(""), false),
                new CgiParam("HTTP_X_NAME", _ -> "", false),
                new CgiParam("OTHER", Text.literal(""), false)), true, LoopDetection.NONE, UpgradeProtocols.DEFAULT);
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\n\r\nok"));
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(new UwsgiProtocol(variables, 0, 0))) {
            assertEquals("200 ok", proxy.get("/", "Accept", "a", "X-Name", "b"));
            assertEquals(List.of("00 {HTTP_X_NAME=, OTHER=} "), origin.requests());
        }
    }

    @Test
    void fieldsWithUnderscoresAreMergedUnlessHyphenatedFieldExists() throws Exception {
        CgiVariables variables = new CgiVariables(List.of(), true, LoopDetection.NONE, UpgradeProtocols.DEFAULT);
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\n\r\nok"));
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(new UwsgiProtocol(variables, 0, 0))) {
            assertEquals("200 ok", proxy.get("/", "A_B-C", "1", "X_Name", "bad", "a-b_c", "2", "x-name", "good", "Proxy_", "3"));
            assertEquals(List.of("00 {HTTP_X_NAME=good, HTTP_A_B_C=1, 2, HTTP_PROXY_=3} "), origin.requests());
        }
    }

    @Test
    void underscoresDoNotHideFieldsThatAreNotPassedOn() throws Exception {
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\n\r\nok"));
             ProxyFixture proxy = ProxyFixture.to(io, origin)
                     .protocol(new UwsgiProtocol(CLIENT_FIELDS, 0, 0))) {
            assertEquals("200 ok", proxy.get("/", "Transfer_Encoding", "chunked", "Keep_Alive", "5", "X_Own", "1", "X_Other", "2",
                    "Connection", "X-Own"));
            assertEquals(List.of("00 {HTTP_X_OTHER=2} "), origin.requests());
        }
    }

    @Test
    void loopMarkIsAppendedUnlessConfigured() throws Exception {
        LoopDetection mark = new LoopDetection("selvage-1");
        CgiParam instead = new CgiParam("HTTP_CDN_LOOP", Text.literal("none"), false);
        CgiVariables own = new CgiVariables(List.of(instead), true, mark, UpgradeProtocols.DEFAULT);
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\n\r\nok"));
             ProxyFixture marked = ProxyFixture.to(io, origin)
                     .protocol(new UwsgiProtocol(new CgiVariables(List.of(), true, mark, UpgradeProtocols.DEFAULT), 0, 0));
             ProxyFixture unmarked = ProxyFixture.to(io, origin).protocol(new UwsgiProtocol(own, 0, 0))) {
            assertEquals("200 ok", marked.get("/"));
            assertEquals("200 ok", marked.get("/", "CDN-Loop", "other", "cdn_loop", "hidden"));
            assertEquals("200 ok", unmarked.get("/", "CDN-Loop", "other"));
            assertEquals(List.of("00 {HTTP_CDN_LOOP=selvage-1} ", "00 {HTTP_CDN_LOOP=other, selvage-1} ",
                    "00 {HTTP_CDN_LOOP=none} "), origin.requests());
        }
    }

    @Test
    void requestWithoutBodyHasConfiguredLength() throws Exception {
        try (Origin origin = Origin.scripted(answer("HTTP/1.1 200 OK\r\n\r\nok"));
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(new UwsgiProtocol(VARIABLES, 5, 7))) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("57 {REQUEST_METHOD=GET, CONTENT_LENGTH=} ", origin.requests().getFirst());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void statusMayBeInCgiField() throws Exception {
        try (Origin origin = Origin.scripted(answer("Status: 404 Not Found\r\nContent-Type: text/plain\r\n\r\nnone"));
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(UWSGI)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            assertEquals("404 none", proxy.result(exchange));
            assertEquals("a 404", proxy.attempts(exchange));
        }
    }

    @Test
    void cgiResponseMayArriveInPieces() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readBytes(4);
            for (char piece : "Host-Says: x\r\nStatus: 503\r\n\r\nbusy".toCharArray()) {
                wire.send(String.valueOf(piece));
            }
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(UWSGI)) {
            assertEquals("503 busy", proxy.get("/"));
        }
    }

    @Test
    void loopbackConnectionIsResetAfterCompleteResponse() throws Exception {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        try (Origin origin = Origin.scripted(whoseEnd(ends)); ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(UWSGI)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals("reset", ends.take());
            assertEquals(List.of(), proxy.log());
        }
    }

    @Test
    void connectionThatCarriedBodyIsClosed() throws Exception {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        try (Origin origin = Origin.scripted(whoseEnd(ends)); ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(UWSGI)) {
            assertEquals("200 ok", proxy.post(FakeBody.withLength("body")));
            assertEquals("closed", ends.take());
        }
    }

    private static Origin.Script whoseEnd(BlockingQueue<String> ends) {
        return wire -> {
            ReceivedPacket.from(wire);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            ends.add(wire.end());
        };
    }

    @Test
    void tooLargeVariablesAreRefusedBeforePeerIsAsked() throws Exception {
        try (Origin origin = Origin.scripted(answer("never")); ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(UWSGI)) {
            assertEquals("500 failed", proxy.get("/", "Cookie", "x".repeat(70_000)));
            assertEquals(0, origin.connections());
            assertTrue(proxy.log().getFirst().startsWith("the uwsgi variables take 7"));
        }
    }

    private static Origin.Script answer(String bytes) {
        return wire -> {
            ReceivedPacket packet = ReceivedPacket.from(wire);
            String length = packet.value("CONTENT_LENGTH");
            String body = length.isEmpty() ? "" : wire.readBytes(Integer.parseInt(length));
            wire.record("" + packet.modifier1() + packet.modifier2() + " " + packet.variables() + " " + body);
            wire.send(bytes);
        };
    }
}
