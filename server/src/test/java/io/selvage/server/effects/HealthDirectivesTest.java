package io.selvage.server.effects;

import io.selvage.server.proxy.Http2Wire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class HealthDirectivesTest {
    private static final int MANY = 40;
    private static final String OK = "HTTP/1.1 200 OK\r\nX-Ready: yes\r\nX-Zero: 0\r\nContent-Length: 4\r\n\r\nwell";

    private static Origin named(String name) throws IOException {
        return Origin.answeringOnce("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n" + name);
    }

    private static TestServer passing(String upstream) throws IOException {
        return http("log_format peer $upstream_addr; upstream app { keepalive 0; " + upstream + """
                }
                server { listen 127.0.0.1:0; access_log peers.log peer; location / { proxy_pass http://app; } }
                """);
    }

    private static String answers(TestServer server, int count) throws IOException {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            names.append(body(server.get("/")));
        }
        return names.toString();
    }

    /// Stops the server.
    private static void assertLogged(TestServer server, String text) throws IOException {
        String log = String.join("\n", server.errorLog());
        assertEquals(2, (log + " ").split(Pattern.quote(text)).length, log);
    }

    @Test
    void slowStartGivesFewRequestsToAPeerThatHasFailed() throws Exception {
        try (Checked a = new Checked("a"); Checked b = new Checked("b");
             TestServer server = checking("server " + a.address() + "; server " + b.address() + " slow_start=1h;", "", "")) {
            b.health.set("HTTP/1.1 503 Oh\r\nContent-Length: 0\r\n\r\n");
            server.awaitLogged("peer " + b.address() + " of upstream \"app\" is unhealthy: the response has status 503");
            b.health.set(OK);
            server.awaitLogged("peer " + b.address() + " of upstream \"app\" is up: its health check has passed");

            assertEquals("a".repeat(MANY), answers(server, MANY));
        }
    }

    @Test
    @Effect("outlier_detection")
    void outlierDetectionLeavesAPeerOutThatFailsAgainAndAgain() throws Exception {
        try (Origin a = named("a");
             Origin bad = Origin.answeringOnce("HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
             TestServer without = passing("server " + a.address() + "; server " + bad.address() + "; ");
             TestServer server = passing("outlier_detection consecutive_5xx=3; server " + a.address() + "; server "
                     + bad.address() + "; ")) {
            assertEquals(MANY / 2, answers(without, MANY).replace("a", "").length());
            assertEquals("xxx" + "a".repeat(MANY - 3), inOrder(answers(server, MANY)));
            assertLogged(server, "peer " + bad.address()
                    + " of upstream \"app\" is ejected: 3 failures in a row, the last one status 500");
        }
    }

    private static String inOrder(String answers) {
        return answers.replace("a", "") + answers.replace("x", "");
    }

    @Test
    @Effect("panic_mode")
    void panicModeTriesPeersThatHaveFailedWhenThereAreNoOthers() throws Exception {
        String first = Origin.refusing();
        String second = Origin.refusing();
        String servers = "server " + first + "; server " + second + "; ";
        try (TestServer usual = passing(servers); TestServer server = passing("panic_mode on; " + servers)) {
            for (int i = 0; i < 2; i++) {
                assertEquals(502, status(usual.get("/")));
                assertEquals(502, status(server.get("/")));
            }
            assertEquals("app", usual.awaitLines("peers.log", 2).getLast());
            assertEquals(Set.of(first, second), Set.of(server.awaitLines("peers.log", 2).getLast().split(", ")));
            assertLogged(server, "upstream \"app\" uses peers that are left out, because there are no others");
        }
    }

    /// A peer that is healthy or not, as the test says, and answers requests of clients with its name.
    private static final class Checked implements AutoCloseable {
        private final AtomicReference<String> health = new AtomicReference<>(OK);
        private final Origin origin;

        Checked(String name) throws IOException {
            origin = Origin.scripted(wire -> {
                String request = wire.readRequest();
                wire.send(request.startsWith("GET /health ") ? health.get()
                        : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n" + name);
            });
        }

        String address() {
            return origin.address();
        }

        @Override
        public void close() throws IOException {
            origin.close();
        }
    }

    private static TestServer checking(String http, String check, Checked... peers) throws IOException {
        StringBuilder servers = new StringBuilder();
        for (Checked peer : peers) {
            servers.append("server ").append(peer.address()).append("; ");
        }
        return checking(servers.toString(), http, check);
    }

    private static TestServer checking(String servers, String http, String check) throws IOException {
        return http(http + " upstream app { keepalive 0; " + servers + " } server { listen 127.0.0.1:0; server_name a.example;"
                + " location / { proxy_pass http://app; health_check uri=/health interval=20ms timeout=20s " + check + "; } }");
    }

    @Test
    @Effect("health_check")
    void healthCheckLeavesOutAPeerThatFailsIt() throws Exception {
        try (Checked a = new Checked("a"); Checked b = new Checked("b"); TestServer server = checking("", "", a, b)) {
            a.health.set("HTTP/1.1 503 Oh\r\nContent-Length: 0\r\n\r\n");
            server.awaitLogged("peer " + a.address() + " of upstream \"app\" is unhealthy: the response has status 503");
            assertEquals("bbbb", answers(server, 4));
            a.health.set(OK);
            server.awaitLogged("peer " + a.address() + " of upstream \"app\" is up: its health check has passed");
            assertEquals(2, answers(server, 4).replace("b", "").length());
            assertTrue(a.origin.requests().stream().anyMatch(request ->
                    request.startsWith("GET /health HTTP/1.1\r\nHost: app\r\n")
                    && request.contains("User-Agent: Selvage health check\r\n")), a.origin.requests()::toString);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "status 204; status 200;                     | the response has status 200",
        "status ! 199-201 404;                       | the response has status 200",
        "status 200; header X-Live;                  | the response has no field \"X-Live\"",
        "status 200; header ! X-Ready;               | the response has a field \"X-Ready\"",
        "status 200; header X-Ready = no;            | the field \"X-Ready\" of the response is \"yes\"",
        "status 200; header X-Ready != yes;          | the field \"X-Ready\" of the response is \"yes\"",
        "status 200; header X-Ready ~ ^n;            | the field \"X-Ready\" of the response is \"yes\"",
        "status 200; header X-Ready !~ s$;           | the field \"X-Ready\" of the response is \"yes\"",
        "status 200; header X-Live = yes;            | the response has no field \"X-Live\"",
        "status 200; body ~ ill;                     | the body of the response does not match \"ill\"",
        "status 200; body !~ we;                     | the body of the response matches \"we\"",
        "status 200; require $upstream_http_x_live;  | \"${upstream_http_x_live}\" is empty",
        "require $upstream_status $upstream_http_x_zero; | \"${upstream_http_x_zero}\" is 0"})
    @Effect({"match", "status", "header in match", "body", "require"})
    void matchSaysWhatAHealthyPeerResponds(String tests, String reason) throws Exception {
        try (Checked a = new Checked("a"); TestServer server = checking("match m { " + tests + " }", "match=m", a)) {
            server.awaitLogged("peer " + a.address() + " of upstream \"app\" is unhealthy: " + reason);
            assertEquals(502, status(server.get("/")));
        }
    }

    @Test
    void responseThatPassesAllTestsOfAMatchIsHealthy() throws Exception {
        String match = "match m { status 100-199 200; status ! 201; header X-Ready; header ! X-Live; header X-Ready = yes;"
                + " header X-Ready != no; header X-Ready ~ ^y; header X-Ready !~ n; header X-Live != no;"
                + " body ~ ^well$; body !~ ill;"
                + " require $upstream_http_x_ready; }";
        try (Checked a = new Checked("a"); TestServer server = checking(match, "match=m mandatory", a)) {
            server.awaitLogged("peer " + a.address() + " of upstream \"app\" is up: its first health check has passed");
            assertEquals("a", answers(server, 1));
        }
    }

    /// A peer over gRPC that answers each call with the status and the message that the test has set: `0`, or `0 01` for a state.
    private static Origin grpc(AtomicReference<String> answer, AtomicReference<Http2Wire.Request> asked) throws IOException {
        return Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            while (true) {
                Http2Wire.Request request = frames.readRequest();
                asked.set(request);
                String[] words = answer.get().split(" ");
                if (words.length == 1) {
                    frames.head(request.stream(), true, ":status", "200", "content-type", "application/grpc", "grpc-status",
                            words[0], "grpc-message", "because");
                } else {
                    String message = "\b" + (char) Integer.parseInt(words[1]);
                    frames.head(request.stream(), false, ":status", "200", "content-type", "application/grpc")
                            .data(request.stream(), false, "\0\0\0\0" + (char) message.length() + message)
                            .head(request.stream(), true, "grpc-status", words[0]);
                }
            }
        });
    }

    private static TestServer checkingGrpc(Origin peer, String more) throws IOException {
        return http("upstream app { keepalive 0; server " + peer.address() + "; } server { listen 127.0.0.1:0;"
                + " location / { grpc_pass app; health_check mandatory interval=20ms timeout=20s type=grpc " + more + "; } }");
    }

    @Test
    void grpcHealthIsThatOfTheService() throws Exception {
        AtomicReference<String> answer = new AtomicReference<>("0 1");
        AtomicReference<Http2Wire.Request> asked = new AtomicReference<>();
        try (Origin peer = grpc(answer, asked); TestServer server = checkingGrpc(peer, "grpc_service=demo.Greeter")) {
            String about = "peer " + peer.address() + " of upstream \"app\" is ";
            server.awaitLogged(about + "up: its first health check has passed");
            String head = asked.get().head();
            assertTrue(head.contains(":method: POST") && head.contains(":path: /grpc.health.v1.Health/Check")
                    && head.contains("content-type: application/grpc") && head.contains("te: trailers"), head);
            assertEquals("\0\0\0\0\16\n\14demo.Greeter", asked.get().body());
            answer.set("0 2");
            server.awaitLogged(about + "unhealthy: the service is NOT_SERVING");
            answer.set("0 1");
            server.awaitLogged(about + "up: its health check has passed");
            answer.set("12");
            server.awaitLogged(about + "unhealthy: the gRPC status is 12: because");
        }
    }

    @Test
    void grpcStatusMakesPeersHealthyThatDoNotKnowTheProtocol() throws Exception {
        AtomicReference<String> answer = new AtomicReference<>("12");
        AtomicReference<Http2Wire.Request> asked = new AtomicReference<>();
        try (Origin peer = grpc(answer, asked); TestServer server = checkingGrpc(peer, "grpc_status=12")) {
            String about = "peer " + peer.address() + " of upstream \"app\" is ";
            server.awaitLogged(about + "up: its first health check has passed");
            assertEquals("\0\0\0\0\0", asked.get().body());
            answer.set("14");
            server.awaitLogged(about + "unhealthy: the gRPC status is 14: because");
        }
    }
}
