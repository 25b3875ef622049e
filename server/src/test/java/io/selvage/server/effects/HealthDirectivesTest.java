package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

@Timeout(20)
class HealthDirectivesTest {
    private static final int MANY = 40;

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
        AtomicBoolean fails = new AtomicBoolean(true);
        try (Origin a = named("a"); Origin b = Origin.scripted(wire -> {
            wire.readRequest();
            if (!fails.get()) {
                wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nb");
            }
        }); TestServer server = passing("server " + a.address() + "; server " + b.address()
                + " fail_timeout=1ms slow_start=1h; ")) {
            assertEquals("aa", answers(server, 2));
            fails.set(false);
            while (answers(server, 1).equals("a")) {
                Thread.onSpinWait();
            }

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
}
