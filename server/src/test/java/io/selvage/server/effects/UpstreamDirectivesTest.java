package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class UpstreamDirectivesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int MANY = 40;

    /// A peer that answers with its name, and to `/held` not before the signal is given.
    private static Origin named(String name, Signal held) throws IOException {
        return Origin.scripted(wire -> {
            while (true) {
                if (wire.readRequest().startsWith("GET /held")) {
                    held.await();
                }
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name);
            }
        });
    }

    private static Origin named(String name) throws IOException {
        return named(name, new Signal());
    }

    private static TestServer passing(String upstream) throws IOException {
        return http("upstream app { " + upstream + """
                }
                server {
                    listen 127.0.0.1:0;
                    keepalive_requests 1000000;
                    location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; }
                }
                """);
    }

    private static String servers(Origin... origins) {
        StringBuilder servers = new StringBuilder();
        for (Origin origin : origins) {
            servers.append("server ").append(origin.address()).append("; ");
        }
        return servers.toString();
    }

    /// The names of the peers that answer one request after the other.
    private static List<String> answers(TestServer server, int count, String target) throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(body(server.get(target)));
        }
        return names;
    }

    @Test
    @Effect({"upstream", "server in upstream"})
    void upstreamNamesTheServersThatAreAskedInTurn() throws IOException {
        try (Origin a = named("a"); Origin b = named("b"); TestServer server = passing(servers(a, b));
             TestServer weighted = passing("server " + a.address() + " weight=3; server " + b.address() + ";");
             TestServer down = passing("server " + a.address() + " down; server " + b.address() + ";")) {
            assertEquals("abab", String.join("", answers(server, 4, "/")));
            assertEquals(3, answers(weighted, 4, "/").stream().filter("a"::equals).count());
            assertEquals("bbbb", String.join("", answers(down, 4, "/")));
        }
    }

    @Test
    void addressOnTwoLinesIsTwoPeers() throws IOException {
        try (Origin origin = Origin.scripted(Origin.Wire::readHead, wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        }); TestServer server = passing(servers(origin, origin))) {
            assertEquals("a", body(server.get("/")));
            assertEquals(2, origin.connections());
        }
    }

    @Test
    void requestThatFindsNoOtherPeerNamesTheGroup() throws Exception {
        String first = Origin.refusing();
        String second = Origin.refusing();
        try (TestServer server = http("upstream app { server " + first + " max_fails=0; server " + second + "; }"
                + " log_format addr $upstream_addr; server { listen 127.0.0.1:0; access_log addr.log addr;"
                + " location / { proxy_pass http://app; } }")) {
            assertEquals(502, status(server.get("/")));
            assertEquals(502, status(server.get("/")));
            assertEquals(List.of(first + ", " + second, first + ", app"), server.awaitLines("addr.log", 2));
            assertTrue(server.errorLog().getLast().contains("no live upstreams while connecting to upstream"));
        }
    }

    /// 192.0.2.1 is no address of this machine.
    @Test
    void socketThatThisMachineLacksIsNoFailureOfThePeer() throws IOException {
        Origin.Script script = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        };
        try (Origin origin = Origin.scripted(script, script); TestServer server = http("upstream app { "
                + servers(origin, origin) + " } server { listen 127.0.0.1:0; location / { proxy_pass http://app; }"
                + " location /bound { proxy_pass http://app; proxy_bind 192.0.2.1; } }")) {
            assertEquals(500, status(server.get("/bound")));
            assertEquals(500, status(server.get("/bound")));
            assertEquals(500, status(server.get("/bound")));
            assertEquals("a", body(server.get("/")));
            assertEquals(List.of(), server.errorLog().stream().filter(line -> line.contains("no live upstreams")).toList());
        }
    }

    @Test
    @Effect("least_conn")
    void leastConnPassesOverABusyPeer() throws Exception {
        assertEquals(2, whileOneIsBusy(""));
        assertEquals(1, whileOneIsBusy("least_conn; "));
    }

    /// How many different peers answer while one of two has a request already.
    private static int whileOneIsBusy(String policy) throws Exception {
        Signal asked = new Signal();
        Signal held = new Signal();
        Origin.Script script = wire -> {
            while (true) {
                if (wire.readRequest().startsWith("GET /held")) {
                    asked.give();
                    held.await();
                }
                wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n.");
            }
        };
        try (Origin a = Origin.scripted(script); Origin b = Origin.scripted(script);
             TestServer server = passing(policy + servers(a, b)); RawClient busy = server.connect()) {
            busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            Origin asking = a.connections() == 1 ? a : b;
            answers(server, 4, "/");
            int different = asking.connections() == 1 ? 1 : 2;
            held.give();
            return different;
        }
    }

    @Test
    @Effect("least_time")
    void leastTimePassesOverABusyPeer() throws Exception {
        assertEquals(1, whileOneIsBusy("least_time header; "));
        assertEquals(1, whileOneIsBusy("least_time last_byte inflight; "));
    }

    @Test
    @Effect("peak_ewma")
    void peakEwmaPassesOverABusyPeer() throws Exception {
        assertEquals(1, whileOneIsBusy("peak_ewma; "));
    }

    @Test
    void balanceFactorSendsAKeyToTheNextPeerWhenItsPeerIsBusy() throws Exception {
        assertEquals("aa", whileItsPeerIsBusy("hash key consistent; "));
        assertEquals("ab", whileItsPeerIsBusy("hash key consistent balance_factor=1; "));
    }

    /// `aa` if a peer gets a second request while it has one, `ab` if the other one gets it.
    private static String whileItsPeerIsBusy(String policy) throws Exception {
        Signal asked = new Signal();
        Signal held = new Signal();
        Origin.Script script = wire -> {
            if (wire.readRequest().startsWith("GET /held")) {
                asked.give();
                held.await();
            }
            wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n.");
        };
        try (Origin a = Origin.scripted(script); Origin b = Origin.scripted(script);
             TestServer server = passing(policy + servers(a, b)); RawClient busy = server.connect()) {
            busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            answers(server, 1, "/");
            held.give();
            return a.connections() == 1 ? "ab" : "aa";
        }
    }

    /// A peer of an unknown speed gets one request at a time.
    @Test
    void adaptiveLimitStartsWithOneRequest() throws Exception {
        Signal asked = new Signal();
        Signal held = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            if (wire.readRequest().startsWith("GET /held")) {
                asked.give();
                held.await();
            }
            wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n.");
        }); TestServer server = passing("server " + origin.address() + " max_conns=auto; queue 10 timeout=500ms;");
             RawClient busy = server.connect()) {
            busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            assertEquals(503, status(server.get("/")));
            held.give();
            assertEquals(200, status(busy.readAnswer()));
            assertEquals(200, status(server.get("/")));
        }
    }

    @Test
    @Effect("sticky")
    void stickyCookieBindsAClientToAPeer() throws IOException {
        try (Origin a = named("a"); Origin b = named("b");
             TestServer server = passing("sticky cookie srv expires=1h path=/ httponly samesite=lax; " + servers(a, b))) {
            String first = server.get("/");
            String cookie = field(first, "Set-Cookie");
            assertTrue(cookie.matches("srv=[0-9a-f]{32}; expires=\\w{3}, \\d\\d-\\w{3}-\\d\\d [\\d:]{8} GMT; max-age=3600;"
                    + " path=/; httponly; samesite=lax"), cookie);
            String id = value(cookie);
            for (int i = 0; i < 4; i++) {
                String again = get(server, "/", "Cookie: " + id + "\r\n");
                assertEquals(body(first), body(again));
                assertEquals(id, value(field(again, "Set-Cookie")), "the cookie lives longer with every response");
            }
            assertNotEquals("srv=unknown", value(field(get(server, "/", "Cookie: srv=unknown\r\n"), "Set-Cookie")));
        }
    }

    private static String value(String cookie) {
        return cookie.substring(0, cookie.indexOf(';'));
    }

    @Test
    void sameSiteOfAStickyCookieMayBeAVariable() throws IOException {
        try (Origin a = named("a"); TestServer server = passing("sticky cookie srv samesite=$arg_s; " + servers(a))) {
            assertTrue(field(server.get("/?s=lax"), "Set-Cookie").endsWith("; samesite=lax"));
            assertTrue(field(server.get("/?s=none"), "Set-Cookie").endsWith("; samesite=none"));
            assertTrue(field(server.get("/?s=Wrong"), "Set-Cookie").endsWith("; samesite=strict"));
            assertTrue(field(server.get("/"), "Set-Cookie").matches("srv=[0-9a-f]{32}"));
        }
    }

    @Test
    void stickyRouteTakesThePeerOfTheRequest() throws IOException {
        try (Origin a = named("a"); Origin b = named("b");
             TestServer server = passing("sticky route $cookie_r $arg_r; server " + a.address() + " route=x; server "
                     + b.address() + " route=y drain;")) {
            assertEquals("aaa", String.join("", answers(server, 3, "/")));
            assertEquals("bbb", String.join("", answers(server, 3, "/?r=y")));
            assertEquals("a", body(get(server, "/?r=y", "Cookie: r=x\r\n")));
        }
    }

    @Test
    void stickyLearnRemembersThePeerOfASession() throws IOException {
        try (Origin a = named("a"); Origin b = named("b");
             TestServer server = passing("sticky learn create=$upstream_http_x_session create=$arg_new lookup=$arg_s"
                     + " zone=s:64k; " + servers(a, b))) {
            String first = body(server.get("/?new=one"));
            String second = body(server.get("/?new=two"));
            assertNotEquals(first, second);
            assertEquals(first.repeat(3), String.join("", answers(server, 3, "/?s=one")));
            assertEquals(second.repeat(3), String.join("", answers(server, 3, "/?s=two")));
        }
    }

    @Test
    void stickyLearnForgetsAResponseThatBreaksOff() throws IOException {
        try (Origin a = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
        }); Origin b = named("b");
             TestServer server = passing("sticky learn create=$arg_new lookup=$arg_s zone=s:64k; server " + a.address()
                     + " max_fails=0; " + servers(b))) {
            assertEquals("a", body(server.get("/?new=one")));
            assertEquals("b", body(server.get("/?s=one")));
        }
    }

    @Test
    @Effect("ip_hash")
    void ipHashAsksOnePeerForAClient() throws IOException {
        try (Origin a = named("a"); Origin b = named("b"); TestServer server = passing("ip_hash; " + servers(a, b))) {
            assertEquals(1, new HashSet<>(answers(server, 4, "/")).size());
        }
    }

    @Test
    @Effect("hash")
    void hashAsksOnePeerForAKey() throws IOException {
        try (Origin a = named("a"); Origin b = named("b"); TestServer server = passing("hash $arg_k; " + servers(a, b))) {
            HashSet<String> all = new HashSet<>();
            for (int key = 0; key < MANY; key++) {
                List<String> answers = answers(server, 2, "/?k=" + key);
                assertEquals(answers.getFirst(), answers.getLast());
                all.addAll(answers);
            }
            assertEquals(2, all.size());
        }
    }

    @Test
    @Effect("random")
    void randomAsksThemInNoOrder() throws IOException {
        try (Origin a = named("a"); Origin b = named("b"); TestServer server = passing("random; " + servers(a, b))) {
            List<String> answers = answers(server, MANY, "/");
            assertEquals(2, new HashSet<>(answers).size());
            String all = String.join("", answers);
            assertNotEquals("ab".repeat(MANY / 2), all);
            assertNotEquals("ba".repeat(MANY / 2), all);
        }
    }

    @Test
    @Effect({"keepalive", "keepalive_requests in upstream"})
    void keepaliveAndItsRequestsSayWhetherAConnectionIsUsedAgain() throws IOException {
        assertEquals(1, connections("keepalive 4; "));
        assertEquals(4, connections("keepalive 0; "));
        assertEquals(2, connections("keepalive 4; keepalive_requests 2; "));
    }

    /// How many connections four requests take that come on one: connections to peers stay where they were opened.
    private static int connections(String directives) throws IOException {
        try (Origin origin = named("a"); TestServer server = passing(servers(origin) + directives);
             RawClient client = server.connect()) {
            for (int i = 0; i < 4; i++) {
                assertEquals(200, status(client.send(GET).readAnswer()));
            }
            return origin.connections();
        }
    }

    @Test
    @Effect("keepalive_time in upstream")
    void keepaliveTimeClosesAConnectionThatIsOld() throws IOException {
        try (Origin origin = named("a");
             TestServer server = passing(servers(origin) + "keepalive 4; keepalive_requests 1000000; keepalive_time 1ms; ");
             RawClient client = server.connect()) {
            while (origin.connections() < 2) {
                assertEquals(200, status(client.send(GET).readAnswer()));
            }
        }
    }

    @Test
    @Effect("keepalive_timeout in upstream")
    void keepaliveTimeoutClosesAConnectionThatIsIdle() throws Exception {
        Signal closed = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            wire.end();
            closed.give();
        }); TestServer server = passing(servers(origin) + "keepalive 4; keepalive_timeout 10ms; ")) {
            assertTrue(server.get("/").endsWith("ok"));
            closed.await();
        }
    }

    @Test
    @Effect("queue")
    void queueRefusesARequestThatWaitedForTooLong() throws Exception {
        assertEquals("502 ", whileThePeerIsFull(""));
        assertEquals("503 1", whileThePeerIsFull("queue 1 timeout=10ms; "));
    }

    /// The status of a request that finds the only peer full, and its `Retry-After`.
    private static String whileThePeerIsFull(String queue) throws Exception {
        Signal asked = new Signal();
        Signal held = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            held.await();
        }); TestServer server = passing("server " + origin.address() + " max_conns=1; " + queue);
             RawClient busy = server.connect()) {
            busy.send(GET);
            asked.await();
            String answer = server.get("/");
            held.give();
            return status(answer) + " " + field(answer, "Retry-After");
        }
    }
}
