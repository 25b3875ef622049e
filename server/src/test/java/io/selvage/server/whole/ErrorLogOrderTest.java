package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A line of the error log is in its file before the client has the whole answer, as in nginx.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ErrorLogOrderTest {
    @Parameter
    private Io io;

    @Test
    void refusalIsLoggedBeforeItsAnswerEnds() throws IOException {
        try (TestServer server = TestServer.nginx(io, "server { listen 127.0.0.1:0; }")) {
            for (int i = 1; i <= 200; i++) {
                String answer = server.ask("GET /" + i + " HTTP/1.1\r\nHost: a b\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
                List<String> lines = server.lines("error.log");
                assertEquals(i, lines.size());
                assertTrue(lines.getLast().contains("request: \"GET /" + i + " HTTP/1.1\""), lines.getLast());
            }
        }
    }

    @Test
    void failureIsLoggedBeforeItsAnswerEnds() throws IOException {
        try (TestServer server = TestServer.nginx(io, """
                server { listen 127.0.0.1:0; location / { proxy_pass http://127.0.0.1:1; } location /denied { deny all; } }
                """); RawClient client = server.connect()) {
            for (int i = 1; i <= 100; i++) {
                client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(client.readAnswer().startsWith("HTTP/1.1 502 "));
                assertEquals(2 * i - 1, server.lines("error.log").size());
                client.send("GET /denied HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(client.readAnswer().startsWith("HTTP/1.1 403 "));
                assertEquals(2 * i, server.lines("error.log").size());
            }
        }
    }
}
