package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Clients that keep connections and ask for nothing do not keep others from being answered. The server has eight places, over
/// two addresses. `FloodIT` has those that are silent or send half a request.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class RoomForClientsTest {
    private static final int PLACES = 8;
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @Parameter
    private Io io;

    private TestServer start(Origin origin, int places, String bodyTimeout) throws IOException {
        return TestServer.main(io, """
                error_log error.log warn;
                worker_processes 1;
                events { worker_connections %1$d; }
                http {
                    access_log off;
                    client_body_timeout %2$s;
                    lingering_timeout %2$s;
                    server {
                        listen 127.0.0.1:0;
                        listen 127.0.0.2:0;
                        location / { return 200 "hello"; }
                        location /waiting { return 200 "$connections_waiting"; }
                        location /held { proxy_pass http://%3$s; }
                    }
                }
                """.formatted(places, bodyTimeout, origin.address()));
    }

    private static void assertAnswered(RawClient client) throws IOException {
        String answer = client.send(GET).readAnswer();
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n") && answer.endsWith("hello"), answer);
    }

    /// Asks until another connection waits for a request: its answer arrives before the server waits.
    private static void awaitIdleOther(RawClient client) throws IOException {
        String answer;
        do {
            answer = client.send(GET.replace("GET /", "GET /waiting")).readAnswer();
        } while (!answer.endsWith("\r\n1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive", "a body that is not read"})
    void everyClientIsAnsweredBesideThreeTimesAsManyAttackers(String kind) throws IOException {
        List<RawClient> attackers = new ArrayList<>();
        try (Origin origin = Origin.answering(HELLO); TestServer server = start(origin, PLACES, "200ms")) {
            for (int i = 0; i < 3 * PLACES; i++) {
                RawClient attacker = new RawClient(server.address(i % 2 == 0 ? "127.0.0.1" : "127.0.0.2"));
                attackers.add(attacker);
                if (kind.equals("keep-alive")) {
                    assertAnswered(attacker);
                } else {
                    attacker.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nx");
                }
            }
            for (int i = 0; i < 2 * PLACES; i++) {
                try (RawClient client = new RawClient(server.address(i % 2 == 0 ? "127.0.0.1" : "127.0.0.2"))) {
                    assertAnswered(client);
                }
            }
            List<String> warnings = server.errorLog().stream().filter(line -> line.contains("worker_connections")).toList();
            assertTrue(warnings.getFirst().startsWith("[warn] 8 worker_connections are not enough"), warnings::toString);
        } finally {
            for (RawClient attacker : attackers) {
                attacker.close();
            }
        }
    }

    @Test
    void longestIdleConnectionMakesRoom() throws IOException {
        try (Origin origin = Origin.answering(HELLO); TestServer server = start(origin, 2, "60s");
             RawClient first = server.connect()) {
            assertAnswered(first);
            try (RawClient second = server.connect()) {
                awaitIdleOther(second);
                try (RawClient third = server.connect()) {
                    assertAnswered(third);
                    assertEquals("", first.readToEnd());
                    assertAnswered(second);
                }
            }
        }
    }

    @Test
    void requestBodyIsReceivedWhileAnotherClientWaits() throws Exception {
        try (Origin origin = Origin.answering(HELLO); TestServer server = start(origin, 1, "60s");
             RawClient sending = server.connect()) {
            sending.send("POST /held HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n");
            assertTrue(sending.readHead().startsWith("HTTP/1.1 100 "));
            try (RawClient waiting = server.connect()) {
                waiting.send(GET);
                server.awaitLines("error.log", 1);
                String answer = sending.send("x".repeat(20)).readAnswer();
                assertTrue(answer.contains("\r\nConnection: close\r\n") && answer.endsWith("hello"), answer);
                assertTrue(waiting.readAnswer().endsWith("hello"));
                assertTrue(server.lines("error.log").getFirst().endsWith(": 1 worker_connections are not enough"));
            }
        }
    }
}
