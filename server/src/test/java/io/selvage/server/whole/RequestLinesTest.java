package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Methods, targets and hosts: which are served, passed on, or refused.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class RequestLinesTest {
    private static final int SITES = 120;
    private static final int TRIES = 20;

    @Parameter
    private Io io;
    private Origin origin;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npeer");
        String sites = IntStream.range(0, SITES).mapToObj(i -> """
                server { listen 127.0.0.1:0; server_name s%1$d.example *.w%1$d.example; return 200 "site %1$d"; }
                """.formatted(i)).collect(Collectors.joining());
        server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0 default_server;
                    root .;
                    location / { }
                    location /proxy { proxy_pass http://%1$s; proxy_set_header Host $host; }
                    location /params { include proxy_params; proxy_pass http://%1$s; }
                    location /host { return 200 "$host|$http_host|$request_port"; }
                    location /plain { proxy_pass http://%1$s; }
                }
                server {
                    listen 127.0.0.2:0;
                    client_header_timeout 100ms;
                    client_body_timeout 100ms;
                    location /proxy { proxy_pass http://%1$s; }
                    location /streamed { proxy_pass http://%1$s; proxy_request_buffering off; }
                }
                """.formatted(origin.address()) + sites, "hello", "hello", "caf\u00e9", "caffeine");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        origin.close();
    }

    private String asked(String line, String fields) throws IOException {
        return server.ask(line + " HTTP/1.1\r\n" + fields + "Connection: close\r\n\r\n");
    }

    private void assertStatus(int status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(1, answer.split("HTTP/1\\.1 ", -1).length - 1, answer);
    }

    private String site(String host) throws IOException {
        String answer = asked("GET /", "Host: " + host + "\r\n");
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void bytesAfterATimeoutAreNotARequest() throws IOException {
        String tail = "GET /proxy/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
        for (String path : List.of("/proxy", "/streamed")) {
            for (String half : List.of("POST " + path + " HTTP/1.1\r\nHost: a\r\nX",
                    "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + tail.length() + "\r\n\r\n",
                    "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2a")) {
                try (RawClient client = timedOut(half)) {
                    String rest = "";
                    try {
                        rest = client.send(tail).readToEnd();
                    } catch (IOException _) {
                        // A reset also shows that the request is not read.
                    }
                    assertTrue(!rest.contains("HTTP/1.1"), rest);
                }
            }
        }
        assertTrue(server.get("/proxy/one").endsWith("peer"));
        assertEquals(List.of("GET /proxy/one HTTP/1.1"),
                origin.requests().stream().map(request -> request.lines().findFirst().orElse("")).toList());
    }

    /// A client whose request was refused, because it did not go on. One that begins too late itself, because it got no
    /// processor, gets no response and is followed by another one.
    private RawClient timedOut(String half) throws IOException {
        IOException late = new IOException();
        for (int i = 0; i < TRIES; i++) {
            RawClient client = new RawClient(server.address("127.0.0.2"));
            try {
                String answer = client.send(half).readHead();
                assertTrue(answer.startsWith("HTTP/1.1 408 ") && answer.contains("\r\nConnection: close\r\n"), answer);
                return client;
            } catch (IOException e) {
                client.close();
                late = e;
            }
        }
        throw late;
    }

    @Test
    void invalidMethodIsRefused() throws IOException {
        for (String method : List.of("GE T", "G\0T", "G(T", "G\u00c4T", "G\u007fT", "\"GET\"", "X".repeat(64 << 10))) {
            String answer = server.ask(method + " /proxy HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(answer.matches("(?s)HTTP/1.1 4(00|14) .*"), () -> method + answer);
        }
        assertEquals(0, origin.received());
    }

    @Test
    void unknownMethodIsPassedOnButNotServed() throws IOException {
        for (String method : List.of("PROPFIND", "BREW", "M-SEARCH")) {
            assertStatus(200, asked(method + " /proxy", "Host: a\r\n"));
            assertTrue(origin.requests().getLast().startsWith(method + " /proxy HTTP/1.1\r\n"));
            String answer = asked(method + " /hello", "Host: a\r\n");
            assertStatus(405, answer);
            assertTrue(answer.contains("\r\nAllow: "), answer);
        }
    }

    @Test
    void methodThatIsNotInUpperCaseIsRefused() throws IOException {
        assertStatus(400, asked("get /proxy", "Host: a\r\n"));
        assertStatus(400, asked("Post /hello", "Host: a\r\n"));
        assertEquals(0, origin.received());
    }

    @Test
    void invalidTargetIsRefused() throws IOException {
        for (String target : List.of("/proxy\0", "/proxy\u0001", "/proxy\u007f", "/pro xy", "/proxy#fragment", "/proxy\t",
                "/proxy%", "/proxy%0g", "/proxy%00")) {
            assertStatus(400, asked("GET " + target, "Host: a\r\n"));
        }
        assertEquals(0, origin.received());
    }

    @Test
    void nonAsciiBytesInATargetAreUnchanged() throws IOException {
        assertTrue(asked("GET /caf\u00c3\u00a9", "Host: a\r\n").endsWith("\r\n\r\ncaffeine"));
        assertTrue(asked("GET /caf%C3%A9", "Host: a\r\n").endsWith("\r\n\r\ncaffeine"));
        assertStatus(200, asked("GET /proxy/caf\u00c3\u00a9?\u00ff", "Host: a\r\n"));
        assertTrue(origin.requests().getLast().startsWith("GET /proxy/caf\u00c3\u00a9?\u00ff HTTP/1.1\r\n"));
    }

    @Test
    void hostOfAnAbsoluteTargetIsUsed() throws IOException {
        String answer = asked("GET http://s1.example/x", "Host: s2.example\r\n");
        assertTrue(answer.endsWith("\r\n\r\nsite 1"), answer);
        assertStatus(200, asked("GET http://other.example:8080/proxy/x?y", "Host: a\r\n"));
        String request = origin.requests().getLast();
        assertTrue(request.startsWith("GET /proxy/x?y HTTP/1.1\r\nHost: other.example\r\n"), request);
        assertEquals(1, request.lines().filter(line -> line.startsWith("Host:")).count());
        assertTrue(asked("GET http://other.example:8080/host",
                "Host: a\r\n").endsWith("\r\n\r\nother.example|other.example:8080|8080"));
        assertStatus(200, asked("GET http://other.example:8080/params", "X: 1\r\nHost: evil.example\r\n"));
        String passed = origin.requests().getLast();
        assertTrue(passed.contains("\r\nHost: other.example:8080\r\n") && !passed.contains("evil"), passed);
        assertStatus(200, asked("GET http://other.example/plain", "Host: a\r\n"));
        assertTrue(origin.requests().getLast().contains("\r\nHost: " + origin.address() + "\r\n"));
    }

    @Test
    void otherAbsoluteTargetsAreRefused() throws IOException {
        for (String target : List.of("ftp://a/proxy", "http://a@b/proxy", "http://a:b@c/proxy", "http:///proxy", "http:/proxy",
                "http//a/proxy", "http://a:x/proxy", "http://[::1/proxy", "proxy", "://a/proxy", "http://a b/proxy")) {
            assertStatus(400, asked("GET " + target, "Host: a\r\n"));
        }
        assertEquals(0, origin.received());
    }

    @Test
    void siteIsFoundInAnyCaseAndWithATrailingDot() throws IOException {
        for (int i : List.of(0, 1, 77, SITES - 1)) {
            for (String host : List.of("s%d.example", "S%d.EXAMPLE", "s%d.eXample.", "s%d.example:80", "s%d.example.:8080",
                    "deep.er.w%d.example", "X.W%d.Example")) {
                assertEquals("site " + i, site(host.formatted(i)), host);
            }
        }
        assertTrue(asked("GET /hello", "Host: s120.example\r\n").endsWith("\r\n\r\nhello"));
        assertTrue(asked("GET /hello", "Host: w1.example\r\n").endsWith("\r\n\r\nhello"));
    }
}
