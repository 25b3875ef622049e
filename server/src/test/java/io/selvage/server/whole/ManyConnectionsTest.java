package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Short connections in quick succession, so that the kernel reuses the numbers of their descriptors at once: each connection
/// gets its own answer.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ManyConnectionsTest {
    private static final int CLIENTS = 8;
    private static final int EACH = 150;
    private static final String SITE = """
            server { listen 127.0.0.1:0; location / { return 200 "nonce $arg_n"; } }
            """;

    @Parameter
    private Io io;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyConnectionGetsItsOwnAnswer(boolean proxied) throws Exception {
        try (TestServer peer = TestServer.nginx(io, SITE); TestServer front = TestServer.nginx(io, """
                upstream peer { server 127.0.0.1:%d; keepalive 4; }
                server { listen 127.0.0.1:0; location / { proxy_pass http://peer; } }
                """.formatted(peer.address().getPort()))) {
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(() -> ask(proxied ? front : peer, number));
            }
            try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
                int answers = 0;
                for (Future<Integer> client : threads.invokeAll(clients)) {
                    answers += client.get();
                }
                assertTrue(answers > 0);
            }
            assertEquals(0, io.snapshot().lostWakeups());
            assertEquals(0, io.snapshot().failures());
        }
    }

    /// One in four goes before it is answered, as clients do.
    private static int ask(TestServer server, int client) throws IOException {
        int answers = 0;
        for (int i = 0; i < EACH; i++) {
            String nonce = client + "-" + i;
            try (RawClient connection = server.connect()) {
                connection.send("GET /?n=" + nonce + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                if (i % 4 > 0) {
                    String answer = connection.readToEnd();
                    assertTrue(answer.endsWith("nonce " + nonce), answer);
                    answers++;
                }
            }
        }
        return answers;
    }
}
