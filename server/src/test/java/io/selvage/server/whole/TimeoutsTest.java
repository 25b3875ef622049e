package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Timeouts of directives end slow clients and do not affect others. Every configured time is short; tests wait for events, at
/// most twenty seconds.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class TimeoutsTest {
    private static final String GET = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    private Io io;

    private TestServer with(String directives, String locations) throws IOException {
        return TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    root .;
                    %s
                    location / { }
                    %s
                }
                """.formatted(directives, locations), "hello", "hello");
    }

    @Test
    void incompleteHeadIs408AndMissingHeadIsClosed() throws IOException {
        try (TestServer server = with("client_header_timeout 100ms;", "} server { listen 127.0.0.2:0; root .;")) {
            String half = server.askInTime("GET /half HTTP/1.1\r\nHost: a\r\nX");
            assertTrue(half.startsWith("HTTP/1.1 408 "), half);
            assertEquals("", server.ask(""));
            try (RawClient other = new RawClient(server.address("127.0.0.2"))) {
                assertTrue(other.send(GET).readAnswer().endsWith("hello"));
            }
            assertEquals(List.of("GET /half HTTP/1.1|408", "GET /hello HTTP/1.1|200"), server.accessLog());
        }
    }

    @Test
    void stalledBodyIs408() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
             TestServer server = with("client_body_timeout 100ms;", """
                     location /held { proxy_pass http://%1$s; }
                     location /streamed { proxy_pass http://%1$s; proxy_request_buffering off; }
                     """.formatted(origin.address()))) {
            for (String path : List.of("/held", "/streamed")) {
                String answer = server.ask("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
                assertTrue(answer.startsWith("HTTP/1.1 408 "), () -> path + ": " + answer);
            }
            assertEquals(List.of(), origin.requests());
            assertEquals(List.of("POST /held HTTP/1.1|408", "POST /streamed HTTP/1.1|408"), server.accessLog());
        }
    }

    @Test
    void idleConnectionEndsWithoutALogLine() throws IOException {
        try (TestServer server = with("keepalive_timeout 100ms;", ""); RawClient client = server.connect()) {
            assertTrue(client.send(GET).readAnswer().endsWith("hello"));
            assertEquals("", client.readToEnd());
            assertEquals(List.of("GET /hello HTTP/1.1|200"), server.accessLog());
        }
    }

    @Test
    void clientThatDoesNotReadIsDisconnected() throws Exception {
        var seen = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            try {
                wire.send("HTTP/1.1 200 OK\r\n\r\n");
                while (true) {
                    wire.send("x".repeat(100_000));
                }
            } finally {
                seen.give();
            }
        }); TestServer server = with("send_timeout 100ms;",
                "location /endless { proxy_pass http://%s; }".formatted(origin.address()));
             RawClient client = server.connect()) {
            client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
            seen.await();
            assertEquals(List.of("GET /endless HTTP/1.1|200"), server.awaitLines("access.log", 1));
            assertTrue(server.get("/hello").endsWith("hello"));
            assertEquals(List.of("GET /endless HTTP/1.1|200", "GET /hello HTTP/1.1|200"), server.accessLog());
        }
    }

    @Test
    void hundredSlowClientsDelayNoOther() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        try (TestServer server = with("", ""); RawClient client = server.connect()) {
            for (int i = 0; i < 100; i++) {
                slow.add(server.connect().send(i % 2 == 0 ? "G" : "GET / HTTP/1.1\r\nHost: a\r\nX-" + i));
            }
            for (int i = 0; i < 100; i++) {
                assertTrue(client.send(GET).readAnswer().endsWith("hello"));
            }
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        var asked = new Signal();
        var goOn = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            goOn.await();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        }); TestServer server = with("", "location /slow { proxy_pass http://%s; }".formatted(origin.address()));
             RawClient client = server.connect(); RawClient other = server.connect()) {
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + GET.repeat(200));
            asked.await();
            assertTrue(other.send(GET).readAnswer().endsWith("hello"));
            goOn.give();
            assertTrue(client.readAnswer().endsWith("slow"));
            for (int i = 0; i < 200; i++) {
                assertTrue(client.readAnswer().endsWith("hello"));
            }
        }
    }

    @Test
    void connectionEndsAfterKeepaliveRequests() throws IOException {
        try (TestServer server = with("keepalive_requests 3;", "")) {
            String all = server.ask(GET.repeat(5));
            assertEquals(3, all.split("HTTP/1.1 200 ", -1).length - 1, all);
            assertEquals(3, server.accessLog().size());
        }
    }
}
