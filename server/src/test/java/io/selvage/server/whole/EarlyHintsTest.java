package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Interim responses of a peer (RFC 9110 §15.2, RFC 8297) on the client's connection.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class EarlyHintsTest {
    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Parameter
    private Io io;

    private TestServer passingTo(Origin origin, String directives) throws IOException {
        return TestServer.nginx(io, "server { listen 127.0.0.1:0; location / { proxy_pass http://" + origin.address() + "; "
                + directives + " } }");
    }

    @Test
    void hintsReachTheClientBeforeTheResponseIsReady() throws Exception {
        Signal hinted = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(HINTS);
            hinted.await();
            wire.send(OK);
        }); TestServer server = passingTo(origin, ""); RawClient client = server.connect()) {
            assertEquals(HINTS, client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead());
            hinted.give();
            assertTrue(client.readAnswer().startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }

    @Test
    void connectionServesAnotherRequestAfterHints() throws IOException {
        try (Origin origin = Origin.answering(HINTS + HINTS + OK); TestServer server = passingTo(origin, "");
             RawClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(HINTS, client.readHead());
                assertEquals(HINTS, client.readHead());
                assertTrue(client.readAnswer().endsWith("\r\n\r\nok"));
            }
            assertEquals(1, origin.connections());
        }
    }

    @Test
    void clientOfHttp10GetsTheFinalResponseOnly() throws IOException {
        try (Origin origin = Origin.answering(HINTS + OK); TestServer server = passingTo(origin, "")) {
            assertTrue(server.ask("GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }

    @Test
    void hintsDoNotEndAnUpload() throws Exception {
        Signal hinted = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send(HINTS);
            hinted.give();
            wire.record(wire.readBytes(6));
            wire.send(OK);
        }); TestServer server = passingTo(origin, "proxy_request_buffering off;"); RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\none");
            hinted.await();
            client.send("two");
            assertEquals(HINTS, client.readHead());
            assertTrue(client.readAnswer().startsWith("HTTP/1.1 200 OK\r\n"));
            assertEquals("onetwo", origin.requests().getLast());
        }
    }

    @Test
    void clientThatExpects100GetsOneBeforeTheHints() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 100 Continue\r\n\r\n" + HINTS + OK);
             TestServer server = passingTo(origin, ""); RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.readHead());
            client.send("abc");
            assertEquals(HINTS, client.readHead());
            assertTrue(client.readAnswer().startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }

    @Test
    void tooManyInterimResponsesAreBadGateway() throws IOException {
        try (Origin origin = Origin.answering(HINTS.repeat(10_000)); TestServer server = passingTo(origin, "")) {
            String answer = server.get("/");
            assertTrue(answer.startsWith(HINTS.repeat(64) + "HTTP/1.1 502 Bad Gateway\r\n"), answer);
        }
    }

    @Test
    void uwsgiHasNone() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readBytes(4);
            wire.send(HINTS + "HTTP/1.1 200 OK\r\n\r\nok");
            wire.endOutput();
            wire.end();
        }); TestServer server = TestServer.nginx(io, "server { listen 127.0.0.1:0; location / { uwsgi_pass " + origin.address()
                + "; uwsgi_pass_request_headers off; } }")) {
            assertTrue(server.get("/").startsWith("HTTP/1.1 200 OK\r\n"));
        }
    }
}
