package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Failures after an answer was chosen, or after a part of the request's body was refused: the error page of the location is the
/// answer, with the fields that it always has.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class LateFailuresTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @Parameter
    private Io io;

    private static String post(int length) {
        return "POST /up HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static void assertAnswer(String answer, String status, String body) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertEquals(body, answer.substring(answer.indexOf("\r\n\r\n") + 4), answer);
    }

    @Test
    void brokenFirstChunkOfAPeerGetsTheErrorPage() throws IOException {
        for (String buffering : List.of("on", "off")) {
            try (Origin origin = Origin.answeringOnce(CHUNKED + "zz\r\nhello\r\n0\r\n\r\n");
                 TestServer server = TestServer.inFrontOf(io, origin, """
                         root .;
                         proxy_buffering %s;
                         error_page 502 /502.html;
                         add_header X-Always yes always;
                         location = /502.html { internal; }
                         """.formatted(buffering))) {
                Files.writeString(server.folder().resolve("502.html"), "friendly");
                String answer = server.get("/");
                assertAnswer(answer, "502", "friendly");
                assertTrue(answer.contains("\r\nX-Always: yes\r\n"), answer);
                List<String> errors = server.errorLog();
                assertEquals(1, errors.size(), errors::toString);
                assertTrue(errors.getFirst().contains("while reading upstream"), errors::toString);
            }
        }
    }

    @Test
    void connectionIsKeptAfterThePeersFailure() throws IOException {
        try (Origin origin = Origin.answeringOnce(CHUNKED + "zz\r\n"); TestServer server = TestServer.inFrontOf(io, origin);
             RawClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                String answer = client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
                assertTrue(answer.startsWith("HTTP/1.1 502 "), answer);
            }
        }
    }

    @Test
    void tooLongABodyGetsTheErrorPage() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = TestServer.inFrontOf(io, origin, """
                     root .;
                     client_max_body_size 1k;
                     error_page 413 /413.html;
                     location = /413.html { internal; }
                     location /streamed { proxy_pass http://app; proxy_request_buffering off; }
                     """)) {
            Files.writeString(server.folder().resolve("413.html"), "friendly");
            assertAnswer(server.ask(post(5000) + "x".repeat(5000)), "413", "friendly");
            String chunks = "100\r\n" + "x".repeat(256) + "\r\n";
            String chunked = "Host: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks.repeat(8)
                    + "0\r\n\r\n";
            assertAnswer(server.ask("POST /up HTTP/1.1\r\n" + chunked), "413", "friendly");
            assertAnswer(server.ask("POST /streamed HTTP/1.1\r\n" + chunked), "413", "friendly");
        }
    }

    @Test
    void peerThatMakesTheErrorPageGetsNoBody() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = TestServer.inFrontOf(io, origin, """
                     client_max_body_size 1k;
                     error_page 413 @page;
                     location @page { proxy_pass http://app; }
                     """)) {
            assertAnswer(server.ask(post(5000) + "x".repeat(5000)), "413", "ok");
            String chunk = "800\r\n" + "x".repeat(2048) + "\r\n0\r\n\r\n";
            String head = "POST /up HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertAnswer(server.ask(head + chunk), "413", "ok");
            assertTrue(origin.requests().getFirst().contains("\r\nContent-Length: 0\r\n"), origin.requests()::toString);
            origin.requests().forEach(request -> assertTrue(request.endsWith("\r\n\r\n"), request));
            assertFalse(origin.requests().getLast().contains("Transfer-Encoding"), origin.requests()::toString);
        }
    }

    @Test
    void requestLengthCountsTheBodyAsItCame() throws IOException {
        String head = "POST %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        String body = "x".repeat(5000);
        String chunks = "3e8\r\n" + "x".repeat(1000) + "\r\n";
        String chunked = "Transfer-Encoding: chunked\r\n\r\n" + chunks.repeat(5) + "0\r\nX-Sum: 1\r\n\r\n";
        try (Origin origin = Origin.answering(OK);
             TestServer server = TestServer.nginx(io, """
                     log_format length $request_length;
                     server {
                         listen 127.0.0.1:0;
                         access_log length.log length;
                         location / { proxy_pass http://%1$s; }
                         location /file { proxy_pass http://%1$s; client_body_buffer_size 1k; }
                         location /streamed { proxy_pass http://%1$s; proxy_request_buffering off; proxy_http_version 1.1; }
                     }
                     """.formatted(origin.address()))) {
            for (String path : List.of("/", "/file", "/streamed")) {
                String start = head.formatted(path);
                server.ask(start + "Content-Length: 5000\r\n\r\n" + body);
                server.ask(start + chunked);
            }
            server.stop(Duration.ofSeconds(50));
            int base = head.length() - 2;
            int plain = base + "Content-Length: 5000\r\n\r\n".length() + 5000;
            assertEquals(List.of("/", "/file", "/streamed").stream().mapMulti((path, all) -> {
                all.accept(Integer.toString(plain + path.length()));
                all.accept(Integer.toString(base + chunked.length() + path.length()));
            }).toList(), server.lines("length.log"));
        }
    }
}
