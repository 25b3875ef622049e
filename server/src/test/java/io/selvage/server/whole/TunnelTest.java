package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A connection with a changed protocol works in both directions during reloads and a stop.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class TunnelTest {
    private static final String UPGRADE = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

    private static final String NOT_FOUND = "GET /none HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    private Io io;
    private Origin origin;
    private String text;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
            while (true) {
                wire.send("<" + wire.readUntil(".") + ">");
            }
        });
        text = """
                server {
                    listen 127.0.0.1:0;
                    location = /none { return 404; }
                    location / {
                        proxy_pass http://%s;
                        proxy_http_version 1.1;
                        proxy_upgrade echo;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection upgrade;
                    }
                }
                """.formatted(origin.address());
        server = TestServer.nginx(io, text);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        origin.close();
    }

    @Test
    void tunnelSurvivesReloadsAndHasOneLogLine() throws IOException {
        try (RawClient client = server.connect()) {
            String head = client.send(UPGRADE + "early.").readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertEquals("<early.>", client.readUntil(">"));
            for (int i = 0; i < 3; i++) {
                server.reload(text + "# " + i);
                assertEquals("<" + i + ".>", client.send(i + ".").readUntil(">"));
            }
        }
        assertEquals(List.of("GET /ws HTTP/1.1|101"), server.accessLog());
    }

    @Test
    void tunnelOfAReplacedConfigurationEndsWithTheShutdownTimeout() throws IOException {
        String main = "worker_shutdown_timeout 50ms; events { } http { access_log off; %s }";
        try (TestServer limited = TestServer.main(io, main.formatted(text));
             RawClient tunnel = limited.connect(); RawClient idle = limited.connect()) {
            tunnel.send(UPGRADE + "hi.").readHead();
            assertEquals("<hi.>", tunnel.readUntil(">"));
            assertTrue(idle.send(NOT_FOUND).readAnswer().startsWith("HTTP/1.1 404 "));
            limited.reloadMain(main.formatted(text + "# changed\n"));
            assertThrows(SocketException.class, tunnel::readToEnd);
            assertTrue(idle.send(NOT_FOUND).readAnswer().startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    void tunnelEndsWithTheShutdownTimeout() throws IOException {
        try (RawClient client = server.connect()) {
            client.send(UPGRADE + "hi.").readHead();
            assertEquals("<hi.>", client.readUntil(">"));
            assertFalse(server.stop(Duration.ofMillis(50)));
            assertEquals(List.of("GET /ws HTTP/1.1|101"), server.accessLog());
        }
    }
}
