package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.NameServer;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Peers that are found by DNS leave while the server runs.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class DiscoveredPeersTest {
    private static final String SERVICE = "_http._tcp.app.test";

    @Parameter
    private Io io;
    private final Signal held = new Signal();
    private final Signal holding = new Signal();
    private final CompletableFuture<String> idleEnded = new CompletableFuture<>();
    private NameServer names;
    private Origin old;
    private Origin young;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        names = new NameServer();
        old = Origin.scripted(wire -> {
            wire.readRequest();
            holding.give();
            held.await();
            answer(wire, "old");
            wire.end();
        }, wire -> {
            wire.readRequest();
            answer(wire, "old");
            idleEnded.complete(wire.end());
        }, DiscoveredPeersTest::refuse);
        young = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nyoung");
        serving(old);
        server = TestServer.nginx(io, """
                upstream app {
                    resolver %s ipv6=off;
                    server app.test service=http resolve;
                }
                server {
                    listen 127.0.0.1:0;
                    location / { proxy_pass http://app; }
                }
                """.formatted(names.address()));
    }

    private static void answer(Origin.Wire wire, String name) throws IOException {
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name);
    }

    private static void refuse(Origin.Wire wire) throws IOException {
        wire.readRequest();
        wire.send("HTTP/1.1 500 Left\r\nContent-Length: 0\r\n\r\n");
    }

    private void serving(Origin... origins) {
        String[] records = new String[origins.length];
        for (int i = 0; i < origins.length; i++) {
            String address = origins[i].address();
            records[i] = SERVICE + ". 1 IN SRV 0 1 " + address.substring(address.indexOf(':') + 1) + " pod" + i + ".test.";
            names.knows("pod" + i + ".test A", "pod" + i + ".test. 1 IN A 127.0.0.1");
        }
        names.knows(SERVICE + " SRV", records);
    }

    @Test
    void leavingPeerEndsItsRequestsAndGetsNoOthers() throws Exception {
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> get("/held"), Thread::startVirtualThread);
        holding.await();
        assertTrue(get("/").endsWith("old"));
        serving(young);

        assertEquals("closed", idleEnded.get());
        for (int i = 0; i < 10; i++) {
            String answer = get("/");
            assertTrue(answer.endsWith("young"), answer);
        }
        held.give();
        assertTrue(first.get().endsWith("old"), first.get());
        assertEquals(2, old.connections());
    }

    private String get(String target) {
        try {
            return server.get(target);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        old.close();
        young.close();
        names.close();
    }
}
