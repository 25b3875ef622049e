package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.net.Io;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The requests that a peer gets and the answers that a client gets, without failures.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ProxyHandlerTest {
    @Parameter
    private Io io;

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path folder;

    @Test
    void requestHasHostOfPeerAndFieldsOfClient() throws Exception {
        try (Origin origin = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/a%20b?c=d", "Host", "example.org", "Accept", "*/*", "Connection", "keep-alive"));
            assertEquals(List.of("GET /a%20b?c=d HTTP/1.1\r\nHost: app\r\nAccept: */*\r\n\r\n"), origin.requests());
        }
    }

    @Test
    void setFieldsReplaceFieldsOfClient() throws Exception {
        RequestFields fields = new RequestFields(List.of(
                new SetField("Host", exchange -> exchange.headers().first("Host").orElse("")),
                new SetField("X-Real-IP", Text.literal("192.0.2.1")),
                new SetField("Accept-Encoding", Text.literal("")),
                new SetField("X-Evil", Text.literal("a\r\nB: c"))), true, LoopDetection.NONE, UpgradeProtocols.DEFAULT);
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(ProxyFixture.http1(fields))) {
            assertEquals("200 ok", proxy.get("/", "Host", "example.org", "x-real-ip", "6.6.6.6", "Accept-Encoding", "gzip",
                    "A", "b"));
            assertEquals(List.of("GET / HTTP/1.1\r\nHost: example.org\r\nX-Real-IP: 192.0.2.1\r\nX-Evil: a  B: c\r\nA: b\r\n"
                    + "\r\n"), origin.requests());
        }
    }

    @Test
    void fieldsAndBodyOfClientCanBeOmitted() throws Exception {
        RequestFields fields = new RequestFields(List.of(), false, LoopDetection.NONE, UpgradeProtocols.DEFAULT);
        RequestBodyOptions.Content none = new RequestBodyOptions.Content.Omitted();
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(ProxyFixture.http1(fields)).options(o -> o.body(none))) {
            assertEquals("200 ok", proxy.result(proxy.client.sends(FakeBody.withLength("secret"), "POST", "/", "Cookie", "a=b")));
            assertEquals(List.of("POST / HTTP/1.1\r\nHost: app\r\n\r\n"), origin.requests());
        }
    }

    @Test
    void methodAndBodyCanBeReplaced() throws Exception {
        RequestBodyOptions.Content other = new RequestBodyOptions.Content.Written(Text.literal("other"));
        UpstreamProtocol asks = new Http1Protocol(ProxyFixture.CLIENT_FIELDS, Text.literal("PUT"),
                Version.HTTP_1_1);
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(asks).options(o -> o.body(other))) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(List.of("PUT / HTTP/1.1\r\nHost: app\r\nContent-Length: 5\r\n\r\nother"), origin.requests());
        }
    }

    @Test
    void http10RequestHasLengthAndConnectionClose() throws Exception {
        UpstreamProtocol old = new Http1Protocol(ProxyFixture.CLIENT_FIELDS, Text.literal("POST"),
                Version.HTTP_1_0);
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(old)
                     .options(ProxyOptionsBuilder::streamedBody)) {
            assertEquals("200 ok", proxy.post(FakeBody.chunked("one", "two")));
            assertEquals("200 ok", proxy.post(FakeBody.chunked("x")));
            assertEquals(List.of("POST / HTTP/1.0\r\nHost: app\r\nConnection: close\r\nContent-Length: 6\r\n\r\nonetwo",
                    "POST / HTTP/1.0\r\nHost: app\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"), origin.requests());
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void bodyIsBufferedUntilComplete() throws Exception {
        try (Origin origin = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.post(FakeBody.chunked("a", "bc")));
            assertEquals("499 failed", proxy.post(FakeBody.cutShort("a")));
            assertEquals(List.of("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 3\r\n\r\nabc"), origin.requests());
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void bufferedBodyCanBePassedTwice() throws Exception {
        String body = "0123456789".repeat(5_000);
        try (Origin origin = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            for (FakeBody sent : List.of(FakeBody.chunked("a", "bc"), FakeBody.withLength(body))) {
                Exchange exchange = proxy.client.sends(sent, "POST", "/");
                proxy.read(((Answer.Reply) proxy.answer(exchange)).body());
                assertEquals("200 ok", proxy.result(exchange));
            }
            assertEquals(4, origin.requests().size());
            assertEquals(origin.requests().get(0), origin.requests().get(1));
            assertEquals(origin.requests().get(2), origin.requests().get(3));
            assertTrue(origin.requests().get(3).endsWith(body));
        }
    }

    @Test
    void longStreamedBodyCannotBePassedTwice() throws Exception {
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io,
                     origin).options(ProxyOptionsBuilder::streamedBody)) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength("x".repeat(16_384)), "POST", "/");
            proxy.read(((Answer.Reply) proxy.answer(exchange)).body());
            assertEquals("500 failed", proxy.result(exchange));
            assertEquals(1, origin.requests().size());
        }
    }

    @Test
    void closedGroupKeepsNoConnections() throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(OK);
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            proxy.group.close();
            left.await();
            assertEquals("200 ok", proxy.get("/2"));
            left.await();
        }
    }

    @Test
    void longBodyIsBufferedInUnnamedFile() throws Exception {
        String body = "0123456789".repeat(50_000);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            try (Stream<Path> files = Files.list(folder)) {
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nfiles " + files.count());
            }
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(o -> o.bodyIn(folder))) {
            assertEquals("200 files 0", proxy.post(FakeBody.withLength(body)));
            assertTrue(origin.requests().getFirst().endsWith("Content-Length: 500000\r\n\r\n" + body));
        }
    }

    @Test
    void unbufferedBodyIsStreamed() throws Exception {
        try (Origin origin = Origin.answering(OK);
             ProxyFixture proxy = ProxyFixture.to(io,
                     origin).options(ProxyOptionsBuilder::streamedBody)) {
            assertEquals("200 ok", proxy.post(FakeBody.withLength("one", "two")));
            assertEquals("200 ok", proxy.post(FakeBody.chunked("one", "two")));
            assertEquals(List.of("POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 6\r\n\r\nonetwo",
                    "POST / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"),
                    origin.requests());
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void truncatedStreamedBodyNeverLooksComplete() throws Exception {
        try (Origin origin = Origin.scripted(wire -> wire.record(wire.readToEnd()));
             ProxyFixture proxy = ProxyFixture.to(io,
                     origin).options(ProxyOptionsBuilder::streamedBody)) {
            Exchange exchange = proxy.client.sends(FakeBody.cutShort("one"), "POST", "/");
            assertEquals("499 failed", proxy.result(exchange));
            assertEquals("a 499", proxy.attempts(exchange));
            assertFalse(origin.requests().stream().anyMatch(request -> request.contains("0\r\n\r\n")));
        }
    }

    @Test
    void earlyResponseToBufferedBodyIsPassed() throws Exception {
        String body = "0123456789".repeat(2_000_000);
        Signal heard = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
            heard.await();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(o -> o.bodyIn(folder))) {
            assertEquals("413 too much", proxy.post(FakeBody.withLength(body)));
            heard.give();
        }
    }

    @Test
    void earlyResponseToStreamedBodyIsPassedWhenPeerCloses() throws Exception {
        String[] pieces = Stream.generate(() -> "x".repeat(16_000)).limit(2_000).toArray(String[]::new);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
            wire.endOutput();
        });
             ProxyFixture proxy = ProxyFixture.to(io,
                     origin).options(ProxyOptionsBuilder::streamedBody)) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength(pieces), "POST", "/");
            assertEquals("413 too much", proxy.result(exchange));
            assertTrue(exchange.outcome().isClosing());
        }
    }

    @Test
    void connectionIsReused() throws Exception {
        try (Origin origin = Origin.answering(OK); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/1"));
            Exchange exchange = proxy.client.asks("GET", "/2");
            assertEquals("200 ok", proxy.result(exchange));
            assertEquals(1, origin.connections());
            assertEquals(0, exchange.upstream().attempts().getFirst().connectNanos());
            assertEquals(2, exchange.upstream().attempts().getFirst().traffic().body());
        }
    }

    @Test
    void peerCanListenOnUnixSocket() throws Exception {
        try (Origin origin = Origin.onUnixSocket(folder.resolve("app.sock"), wire -> {
            wire.readRequest();
            wire.send(OK);
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/"));
        }
    }

    @Test
    void fieldsOfPeerArePassedInOrder() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 201 Made\r\nDate: today\r\nServer: gunicorn\r\nSet-Cookie: a=b\r\n"
                + "Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nSet-Cookie: c=d\r\nX-Accel-Expires: 5\r\n"
                + "Content-Length: 2\r\n\r\nok");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Reply reply = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
            assertEquals("201 Made", reply.head().status().toString());
            assertEquals(Headers.of("Set-Cookie", "a=b", "Set-Cookie", "c=d"), reply.head().headers());
            assertEquals(2, reply.body().length().orElseThrow());
            proxy.abandon(reply.body());
        }
    }

    @Test
    void headResponseKeepsContentLength() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            for (int i = 0; i < 2; i++) {
                Answer.Reply reply = (Answer.Reply) proxy.answer(proxy.client.asks("HEAD", "/"));
                assertEquals(Headers.of("Content-Length", "1000"), reply.head().headers());
                assertEquals(Body.NONE, reply.body());
            }
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void eventsReachClientAsTheyCome() throws Exception {
        Signal first = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            first.await();
            wire.send("3\r\ntwo\r\n0\r\n\r\n");
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Reply reply = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
            BodySource body = ((Body.Stream) reply.body()).source();
            ByteBuffer piece = ByteBuffer.allocate(100);
            proxy.serving(() -> body.read(piece));
            assertEquals("one", StandardCharsets.ISO_8859_1.decode(piece.flip()).toString());
            assertFalse(body.hasMoreNow());
            first.give();
            assertEquals("two", proxy.read(reply.body()));
        }
    }

    @Test
    void interimResponsesButNot100ArePassed() throws Exception {
        String hinted = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nServer: x\r\n"
                + "Content-Length: 5\r\nConnection: close\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK;
        try (Origin origin = Origin.answering(hinted); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(List.of(new ResponseHead(Status.of(103), Headers.of("Link", "</a.css>")),
                    new ResponseHead(Status.of(102), Headers.EMPTY)), proxy.client.interims);
        }
    }

    @Test
    void interimResponsesAreDroppedWhereTheyAreOff() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + OK);
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(ProxyOptionsBuilder::withoutHints)) {
            assertEquals("200 ok", proxy.get("/"));
            assertEquals(List.of(), proxy.client.interims);
        }
    }

    @Test
    void duplicateOfASingleFieldIsDroppedAndLogged() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nExpires: 0\r\nExpires: 1\r\nContent-Length: 0\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Reply reply = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
            assertEquals(Headers.of("Expires", "0", "Content-Length", "0"), reply.head().headers());
            assertEquals(List.of("a: upstream sent duplicate field \"Expires\", only the first is passed on"), proxy.log());
        }
    }

    @Test
    void errorOfPeerIsInterceptedWhenConfigured() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nX: y\r\n"
                + "WWW-Authenticate: Digest\r\nContent-Length: 0\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(o -> o.intercepting(code -> code == 401))) {
            Answer.StatusOnly bare = (Answer.StatusOnly) proxy.answer(proxy.client.asks("GET", "/"));
            assertEquals(Headers.of("WWW-Authenticate", "Basic", "WWW-Authenticate", "Digest"), bare.headers());
            assertEquals("401 bare", proxy.get("/"));
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void bugAfterTheResponseHeadReleasesThePeer() throws Exception {
        var asked = new AtomicBoolean();
        try (Origin origin = Origin.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(o -> o.intercepting(_ -> {
                 if (asked.getAndSet(true)) {
                     throw new IllegalStateException("a bug");
                 }
                 return true;
             }))) {
            assertThrows(IllegalStateException.class, () -> proxy.get("/"));
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().inFlight());
        }
    }

    @Test
    void accelRedirectLeadsToPath() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nX-Accel-Redirect: /files/a%20b?c\r\n"
                + "X-Accel-Limit-Rate: 1000\r\n"
                + "Content-Type: video/mp4\r\nX-Other: x\r\nContent-Length: 0\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength("x"), "POST", "/");
            assertEquals(new Answer.InternalRedirect("/files/a b", "c"), proxy.answer(exchange));
            assertEquals(Headers.of("Content-Type", "video/mp4"), exchange.upstream().redirectFields());
            assertEquals("GET", exchange.routing().method().name());
            assertEquals(1000, exchange.outcome().rate());
        }
    }

    @Test
    void accelRedirectLeadsToNamedLocation() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nX-Accel-Redirect: @other\r\nContent-Length: 0\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.sends(FakeBody.withLength("x"), "POST", "/");
            assertEquals(new Answer.NamedLocation("@other"), proxy.answer(exchange));
            assertEquals("POST", exchange.routing().method().name());
        }
    }

    @Test
    void unsafeAccelRedirectIsNotFoundAndLogged() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nX-Accel-Redirect: /a/../b\r\nContent-Length: 0\r\n\r\n");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("404 bare", proxy.get("/"));
            assertEquals(List.of("a: unsafe URI \"/a/../b\" in X-Accel-Redirect"), proxy.log());
        }
    }
}
