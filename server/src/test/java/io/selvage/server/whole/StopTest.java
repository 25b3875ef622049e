package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A stopping server closes idle connections at once, waits for requests in progress, and ends those that take too long.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class StopTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    private Io io;

    @Test
    void stopCompletesRequestsAndClosesIdleConnections() throws Exception {
        var asked = new Signal();
        var goOn = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            goOn.await();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
        }); TestServer server = TestServer.nginx(io, "server { listen 127.0.0.1:0; location / { return 200 x; }"
                + " location /slow { proxy_pass http://" + origin.address()
                + "; } }"); RawClient idle = server.connect(); RawClient silent = server.connect();
             RawClient busy = server.connect()) {
            assertTrue(idle.send(GET).readAnswer().endsWith("x"));
            busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            var stopping = new FutureTask<>(() -> server.stop(Duration.ofSeconds(50)));
            Thread.ofPlatform().start(stopping);
            assertEquals("", idle.readToEnd());
            assertEquals("", silent.readToEnd());
            assertFalse(stopping.isDone());
            goOn.give();
            String answer = busy.readToEnd();
            assertTrue(answer.endsWith("slow"), answer);
            assertTrue(stopping.get());
            assertEquals(List.of("GET / HTTP/1.1|200", "GET /slow HTTP/1.1|200"), server.accessLog());
        }
    }

    @Test
    void stopEndsOverdueRequests() throws Exception {
        var asked = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.readToEnd();
        }); TestServer server = TestServer.nginx(io, "server { listen 127.0.0.1:0; location / { proxy_pass http://"
                + origin.address() + "; } }"); RawClient client = server.connect()) {
            client.send(GET);
            asked.await();
            InetSocketAddress address = server.address();
            assertFalse(server.stop(Duration.ofMillis(100)));
            assertEquals(List.of("GET / HTTP/1.1|499"), server.accessLog());
            assertThrows(ConnectException.class, () -> new RawClient(address));
        }
    }
}
