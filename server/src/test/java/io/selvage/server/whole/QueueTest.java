package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Requests wait while every peer is full. A queue of one place shows that without a look at the time: of two requests that find
/// the peer full, one is refused at once, and then the other one waits.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class QueueTest {
    private static final String LOG = "log_format queue '$uri $upstream_addr $upstream_status $upstream_queue_time'; ";

    @Parameter
    private Io io;

    private final Signal asked = new Signal();
    private final Signal release = new Signal();

    /// A peer that holds `/held` until it is released, and answers others at once. It closes each connection.
    private Origin holding() throws IOException {
        return Origin.scripted(wire -> {
            if (wire.readRequest().startsWith("GET /held")) {
                asked.give();
                release.await();
            }
            wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        });
    }

    private static String configuration(String upstream) {
        return LOG + "upstream app { " + upstream + """
                }
                server {
                    listen 127.0.0.1:0;
                    access_log queue.log queue;
                    access_log access.log line;
                    location / { proxy_pass http://app; proxy_next_upstream error http_503; }
                }
                """;
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    /// The only place of the peer is taken from now on.
    private RawClient hold(TestServer server) throws Exception {
        RawClient held = server.connect().send(get("/held"));
        asked.await();
        return held;
    }

    /// Two clients whose requests find the peer full, of which one is refused.
    static final class Two implements AutoCloseable {
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        private final List<RawClient> clients;
        private final String refused;

        Two(TestServer server, String first, String second) throws Exception {
            clients = List.of(server.connect().send(get(first)), server.connect().send(get(second)));
            for (int i = 0; i < 2; i++) {
                int index = i;
                Thread.ofVirtual().start(() -> answers.add(index + readToEnd(clients.get(index))));
            }
            refused = answer();
        }

        private static String readToEnd(RawClient client) {
            try {
                return client.readToEnd();
            } catch (IOException e) {
                return e.toString();
            }
        }

        private String answer() throws InterruptedException {
            String answer = answers.poll(50, TimeUnit.SECONDS);
            assertTrue(answer != null, "no answer");
            return answer;
        }

        /// The one whose request waits.
        RawClient waiting() {
            return clients.get(refused.startsWith("0") ? 1 : 0);
        }

        String refused() {
            return refused.substring(1);
        }

        String served() throws InterruptedException {
            return answer().substring(1);
        }

        @Override
        public void close() throws IOException {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static void assertRefused(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 503 ") && answer.contains("\r\nRetry-After: 1\r\n"), answer);
    }

    private static void assertOk(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("ok"), answer);
    }

    @Test
    void oneWaitsAndTheOtherIsRefused() throws Exception {
        try (Origin origin = holding();
             TestServer server = TestServer.nginx(io, configuration("server " + origin.address() + " max_conns=1; queue 1;"));
             RawClient held = hold(server); Two two = new Two(server, "/one", "/two")) {
            assertRefused(two.refused());
            server.awaitLines("queue.log", 1);
            release.give();
            assertOk(held.readToEnd());
            assertOk(two.served());
            List<String> log = server.awaitLines("queue.log", 3);
            assertTrue(log.get(0).matches("/(one|two) app 503 \\d+\\.\\d{3}"), log::toString);
            assertEquals("/held " + origin.address() + " 200 -", log.stream().filter(line -> line.startsWith("/held"))
                    .findFirst().orElseThrow());
            assertTrue(log.stream().anyMatch(line -> line.matches("/(one|two) " + origin.address() + " 200 \\d+\\.\\d{3}")),
                    log::toString);
            assertTrue(server.errorLog().stream().anyMatch(line -> line.contains(
                    "the queue of upstream \"app\" is full while connecting to upstream")));
        }
    }

    @Test
    void requestThatWaitedForTooLongIsRefused() throws Exception {
        try (Origin origin = holding(); TestServer server = TestServer.nginx(io,
                configuration("server " + origin.address() + " max_conns=1; queue 10 timeout=500ms;"));
             RawClient held = hold(server)) {
            assertRefused(server.get("/late"));
            server.awaitLines("queue.log", 1);
            release.give();
            assertOk(held.readToEnd());
            assertOk(server.get("/next"));
            String late = server.awaitLines("queue.log", 3).getFirst();
            assertTrue(late.matches("/late app 503 (0\\.[5-9]|[1-9]).*"), late);
            assertTrue(server.errorLog().stream().anyMatch(line -> line.contains(
                    "the queue of upstream \"app\" brought no free peer in time while connecting to upstream")));
        }
    }

    @Test
    void clientThatLeavesIsTakenOut() throws Exception {
        try (Origin origin = holding();
             TestServer server = TestServer.nginx(io, configuration("server " + origin.address() + " max_conns=1; queue 1;"));
             RawClient held = hold(server); Two first = new Two(server, "/one", "/two")) {
            assertRefused(first.refused());
            server.awaitLines("queue.log", 1);
            first.waiting().reset();
            List<String> log = server.awaitLines("queue.log", 2);
            assertTrue(log.getLast().matches("/(one|two) app 499 \\d+\\.\\d{3}"), log::toString);
            try (Two second = new Two(server, "/three", "/four")) {
                assertRefused(second.refused());
                release.give();
                assertOk(held.readToEnd());
                assertOk(second.served());
            }
            assertEquals(2, origin.requests().size());
        }
    }

    @Test
    void withoutQueueARequestIsRefusedAsBefore() throws Exception {
        try (Origin origin = holding();
             TestServer server = TestServer.nginx(io, configuration("server " + origin.address() + " max_conns=1;"));
             RawClient held = hold(server)) {
            assertTrue(server.get("/").startsWith("HTTP/1.1 502 "));
            release.give();
            assertOk(held.readToEnd());
        }
    }

    @Test
    void requestsOfTwoConfigurationsStandInOneQueue() throws Exception {
        try (Origin origin = holding();
             TestServer server = TestServer.nginx(io, configuration("server " + origin.address() + " max_conns=1; queue 1;"));
             RawClient held = hold(server); Two before = new Two(server, "/before", "/before")) {
            assertRefused(before.refused());
            server.reload(configuration("server " + origin.address() + " max_conns=1; queue 2;"));
            try (Two after = new Two(server, "/after", "/after")) {
                assertRefused(after.refused());
                release.give();
                assertOk(held.readToEnd());
                assertOk(before.served());
                assertOk(after.served());
            }
            assertEquals(List.of("/held", "/before", "/after"),
                    origin.requests().stream().map(request -> request.split(" ")[1]).toList());
        }
    }

    @Test
    void retriedRequestWaitsForAnotherPeer() throws Exception {
        String refusing = Origin.refusing();
        try (Origin origin = holding(); TestServer server = TestServer.nginx(io, configuration("server " + refusing
                + " max_fails=0; server " + origin.address() + " max_conns=1; queue 1;"));
             RawClient held = hold(server); Two two = new Two(server, "/one", "/two")) {
            assertRefused(two.refused());
            server.awaitLines("queue.log", 1);
            release.give();
            assertOk(held.readToEnd());
            assertOk(two.served());
            List<String> log = server.awaitLines("queue.log", 3);
            assertTrue(log.getFirst().matches("/(one|two) " + refusing + ", app 502, 503 -, \\d+\\.\\d{3}"), log::toString);
            assertTrue(log.stream().anyMatch(line -> line.matches(
                    "/(one|two) " + refusing + ", " + origin.address() + " 502, 200 -, \\d+\\.\\d{3}")), log::toString);
        }
    }

    @Test
    void requestWaitsRatherThanReturnAStatusThatIsRetried() throws Exception {
        try (Origin busy = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbusy");
        }); Origin origin = holding(); TestServer server = TestServer.nginx(io, configuration("server " + busy.address()
                + " max_fails=0; server " + origin.address() + " max_conns=1; queue 1;"));
             RawClient held = hold(server); Two two = new Two(server, "/one", "/two")) {
            assertRefused(two.refused());
            release.give();
            assertOk(held.readToEnd());
            assertOk(two.served());
        }
    }

    @Test
    void peerThatRecoversServesThoseThatWait() throws Exception {
        try (Origin origin = Origin.scripted(Origin.Wire::readRequest, wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        }); TestServer server = TestServer.nginx(io, configuration("server " + origin.address()
                + " max_conns=1 fail_timeout=100ms; server " + Origin.refusing() + " down; queue 10;"))) {
            assertTrue(server.get("/fails").startsWith("HTTP/1.1 502 "));
            assertOk(server.get("/waits"));
        }
    }
}
