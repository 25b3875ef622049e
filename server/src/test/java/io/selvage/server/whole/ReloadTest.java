package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A reload applies to the next requests, and does not affect requests in progress.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ReloadTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    private Io io;

    private static String saying(String text) {
        return "server { listen 127.0.0.1:0; location / { return 200 %s; } }".formatted(text);
    }

    @Test
    void nextRequestOfAConnectionUsesTheNewConfiguration() throws IOException {
        try (TestServer server = TestServer.nginx(io, saying("old")); RawClient client = server.connect()) {
            assertTrue(client.send(GET).readAnswer().endsWith("old"));
            InetSocketAddress before = server.address();
            server.reload(saying("new"));
            assertTrue(client.send(GET).readAnswer().endsWith("new"));
            assertTrue(server.get("/").endsWith("new"));
            assertEquals(before, server.address());
        }
    }

    @Test
    void requestInProgressEndsInTheOldConfiguration() throws Exception {
        var asked = new Signal();
        var goOn = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst");
            asked.give();
            goOn.await();
            wire.send("-last");
        }); TestServer server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    access_log old.log line;
                    location / { add_header X-Of old; proxy_pass http://%s; proxy_buffering off; }
                }
                """.formatted(origin.address())); RawClient client = server.connect()) {
            client.send(GET);
            asked.await();
            server.reload(saying("new"));
            assertTrue(server.get("/").endsWith("new"));
            assertEquals(List.of(), server.lines("error.log"));
            goOn.give();
            String answer = client.readAnswer();
            assertTrue(answer.contains("\r\nX-Of: old\r\n") && answer.endsWith("first-last"), answer);
            String end = server.awaitLines("error.log", 1).getFirst();
            assertTrue(end.contains("[notice]") && end.endsWith(
                    "the last request under configuration 1 has ended (worker process exited with code 0)"), end);
            assertTrue(client.send(GET).readAnswer().endsWith("new"));
            assertEquals(List.of("GET / HTTP/1.1|200", "GET / HTTP/1.1|200"), server.accessLog());
            assertEquals(List.of("GET / HTTP/1.1|200"), server.lines("old.log"));
        }
    }

    @Test
    void invalidConfigurationChangesNothing() throws IOException {
        try (ServerSocket taken = new ServerSocket();
             TestServer server = TestServer.nginx(io, saying("old")); RawClient client = server.connect()) {
            taken.bind(new InetSocketAddress("127.0.0.2", 0));
            assertTrue(client.send(GET).readAnswer().endsWith("old"));
            for (String bad : List.of("server { listen 127.0.0.1:0; rot x; }", "server { location / { limit_req zone=none; } }",
                    saying("new") + " server { listen 127.0.0.2:" + taken.getLocalPort() + "; }")) {
                assertThrows(IOException.class, () -> server.reload(bad), bad);
                assertTrue(client.send(GET).readAnswer().endsWith("old"), bad);
                assertTrue(server.get("/").endsWith("old"), bad);
            }
            assertEquals(1, server.server().addresses().size());
        }
    }

    @Test
    void unwritableAccessLogRejectsTheReload() throws IOException {
        String bad = "access_log html line; " + saying("new");
        IOException failure = assertThrows(IOException.class, () -> TestServer.nginx(io, bad, "html/a", ""));
        assertTrue(failure.getMessage().matches("log \".*/html\" cannot be written: .*Is a directory.*"), failure.getMessage());
        try (TestServer server = TestServer.nginx(io, saying("old"), "html/a", "")) {
            assertThrows(IOException.class, () -> server.reload(bad));
            assertTrue(server.get("/").endsWith("old"));
            server.reload("access_log other.log line; " + saying("new"));
            assertTrue(server.get("/").endsWith("new"));
        }
    }

    @Test
    void addressesAreAddedAndRemoved() throws IOException {
        String two = saying("one") + " server { listen 127.0.0.2:0; return 200 two; }";
        try (TestServer server = TestServer.nginx(io, saying("one"))) {
            server.reload(two);
            InetSocketAddress added = server.address("127.0.0.2");
            try (RawClient client = new RawClient(added)) {
                assertTrue(client.send(GET).readAnswer().endsWith("two"));
                assertTrue(server.get("/").endsWith("one"));
                server.reload(saying("one"));
                assertEquals("", client.readToEnd());
            }
            assertThrows(ConnectException.class, () -> {
                while (true) {
                    new RawClient(added).close();              // it is closed on a thread of its own
                }
            });
            assertTrue(server.get("/").endsWith("one"));
        }
    }

    @Test
    void requestsInProgressAtARemovedAddressAreCompleted() throws Exception {
        var asked = new Signal();
        var goOn = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            goOn.await();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        }); TestServer server = TestServer.nginx(io, saying("one") + """
                 server { listen 127.0.0.2:0; location / { proxy_pass http://%s; } }
                """.formatted(origin.address())); RawClient client = new RawClient(server.address("127.0.0.2"))) {
            client.send(GET);
            asked.await();
            server.reload(saying("one"));
            goOn.give();
            assertTrue(client.readAnswer().endsWith("slow"));
        }
    }

    @Test
    void peerStatesSurvive() throws IOException {
        String dead = Origin.refusing();
        String text = """
                upstream app { server %s max_fails=1 fail_timeout=1h; server %s; keepalive 2; }
                server {
                    listen 127.0.0.1:0;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    location / { proxy_pass http://app; }
                }
                """;
        try (Origin live = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
             TestServer server = TestServer.nginx(io, text.formatted(dead, live.address()))) {
            for (int i = 0; i < 4; i++) {
                assertTrue(server.get("/").endsWith("hi"));
                server.reload(text.formatted(dead, live.address()));
            }
            assertEquals(1, server.errorLog().stream().filter(line -> line.contains("connect() failed")).count());
        }
    }

    @Test
    void twentyReloadsLoseNoRequest() throws Exception {
        var stop = new AtomicBoolean();
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")) {
            String text = """
                    upstream app { server %s; keepalive 2; }
                    server {
                        listen 127.0.0.1:0;
                        keepalive_requests 1000000000;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        location / { proxy_pass http://app; }
                    }
                    """.formatted(origin.address());
            try (TestServer server = TestServer.nginx(io, text)) {
                var clients = List.of(asking(server, stop, true), asking(server, stop, false));
                for (int i = 0; i < 20; i++) {
                    server.reload(text + "# " + i);
                }
                stop.set(true);
                int made = 0;
                for (FutureTask<Integer> client : clients) {
                    made += client.get();
                }
                assertEquals(made, server.accessLog().size());
                assertEquals(made, origin.requests().size());
                assertTrue(server.errorLog().stream().allMatch(line -> line.contains("the last request under configuration")));
            }
        }
    }

    private static FutureTask<Integer> asking(TestServer server, AtomicBoolean stop, boolean kept) {
        var task = new FutureTask<>(() -> {
            int made = 0;
            try (RawClient client = server.connect()) {
                while (!stop.get()) {
                    String answer = kept ? client.send(GET).readAnswer() : server.get("/");
                    assertTrue(answer.endsWith("hi"), answer);
                    made++;
                }
            }
            return made;
        });
        Thread.ofPlatform().start(task);
        return task;
    }
}
