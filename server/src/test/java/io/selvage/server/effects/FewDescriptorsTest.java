package io.selvage.server.effects;

import io.selvage.server.net.FreePort;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.RawClient;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.selvage.server.effects.Serving.body;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A process that may open fewer descriptors than its configuration asks for: idle clients leave enough of them for the
/// connections to peers.
@Timeout(60)
class FewDescriptorsTest {
    private static final int DESCRIPTORS = 256;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    @Effect("worker_connections")
    void peersAreConnectedBesideMoreIdleClientsThanThereAreDescriptors(@TempDir Path folder) throws Exception {
        int port = FreePort.find();
        List<RawClient> idle = new ArrayList<>();
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
             ServerProcess server = ServerProcess.limited(DESCRIPTORS, folder, """
                     error_log stderr notice;
                     worker_processes 2;
                     events { worker_connections 500; }
                     http {
                         access_log off;
                         upstream app { server %2$s; keepalive 4; }
                         server { listen 127.0.0.1:%1$d; listen 127.0.0.2:%1$d; location / { proxy_pass http://app; } }
                     }
                     """.formatted(port, origin.address()))) {
            String warning = server.awaitLine("worker_connections");
            assertTrue(warning.endsWith(" 1000 worker_connections exceed the limit of 256 open files: "
                    + "at most 82 clients are connected at once"), warning);
            server.awaitLine("started, io");
            for (int i = 0; i < DESCRIPTORS; i++) {
                idle.add(new RawClient(new InetSocketAddress("127.0.0." + (1 + i % 2), port)));
            }
            for (int i = 0; i < 20; i++) {
                try (RawClient client = new RawClient(new InetSocketAddress("127.0.0.1", port))) {
                    assertEquals("hello", body(client.send(GET).readAnswer()));
                }
            }
            server.awaitLine(" 82 worker_connections are not enough");
        } finally {
            for (RawClient client : idle) {
                client.close();
            }
        }
    }
}
