package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A line of the error log is in its file before the client has the whole answer, as in nginx. An answer waits for it 100 ms at
/// most: where the writer of the log gets no processor for so long, lines may come later from then on.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ErrorLogOrderTest {
    private static final long LONGEST_WAIT_NANOS = 100_000_000;

    @Parameter
    private Io io;
    private boolean late;

    @Test
    void refusalIsLoggedBeforeItsAnswerEnds() throws Exception {
        try (TestServer server = TestServer.nginx(io, "server { listen 127.0.0.1:0; }")) {
            for (int i = 1; i <= 200; i++) {
                long began = System.nanoTime();
                String answer = server.ask("GET /" + i + " HTTP/1.1\r\nHost: a b\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
                List<String> lines = logged(server, i, began);
                assertEquals(i, lines.size());
                assertTrue(lines.getLast().contains("request: \"GET /" + i + " HTTP/1.1\""), lines.getLast());
            }
        }
    }

    @Test
    void failureIsLoggedBeforeItsAnswerEnds() throws Exception {
        try (TestServer server = TestServer.nginx(io, """
                server { listen 127.0.0.1:0; location / { proxy_pass http://127.0.0.1:1; } location /denied { deny all; } }
                """); RawClient client = server.connect()) {
            for (int i = 1; i <= 100; i++) {
                long began = System.nanoTime();
                client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(client.readAnswer().startsWith("HTTP/1.1 502 "));
                assertEquals(2 * i - 1, logged(server, 2 * i - 1, began).size());
                client.send("GET /denied HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(client.readAnswer().startsWith("HTTP/1.1 403 "));
                assertEquals(2 * i, logged(server, 2 * i, began).size());
            }
        }
    }

    private List<String> logged(TestServer server, int count, long began) throws Exception {
        late |= System.nanoTime() - began >= LONGEST_WAIT_NANOS;
        return late ? server.awaitLines("error.log", count) : server.lines("error.log");
    }
}
