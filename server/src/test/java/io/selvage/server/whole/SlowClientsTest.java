package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.RandomAccessFile;
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

/// Proxied answers with a client and a peer of different speed: neither delays the other.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class SlowClientsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    /// More than both ends of a connection keep for a reader that does not come.
    private static final String LONG = "0123456789".repeat(3_000_000);

    @Parameter
    private Io io;

    private static Origin sendingAll(String head, Signal left) throws Exception {
        return Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n" + head + "\r\n" + LONG);
            wire.readToEnd();
            left.give();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "limit_rate 1k;", "proxy_max_temp_file_size 0; proxy_buffers 1024 32k;"})
    void slowClientDoesNotOccupyThePeer(String more) throws Exception {
        Signal left = new Signal();
        try (Origin origin = sendingAll("Content-Length: " + LONG.length() + "\r\nConnection: close\r\n", left);
             TestServer server = TestServer.inFrontOf(io, origin, "proxy_temp_path tmp;", more);
             RawClient client = server.connect()) {
            client.send(GET);
            left.await();
            String head = client.readHead();
            assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
            if (!more.startsWith("limit_rate")) {
                assertEquals(LONG, client.read(LONG.length()));
            }
        }
    }

    @Test
    void disconnectDuringAPauseOfLimitRateEndsTheExchange() throws Exception {
        try (TestServer server = TestServer.nginx(io, "server { listen 127.0.0.1:0; location / { limit_rate 1; return 200 "
                + "x".repeat(1000) + "; } }")) {
            try (RawClient client = server.connect()) {
                client.send(GET).readHead();
            }
            assertEquals(List.of("GET / HTTP/1.1|200"), server.awaitLines("access.log", 1));
        }
    }

    @Test
    void disconnectOfASlowClientEndsAnEndlessAnswer() throws Exception {
        Signal left = new Signal();
        Signal much = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n\r\n" + LONG);
            much.give();
            try {
                while (true) {
                    wire.send(LONG);
                }
            } finally {
                left.give();
            }
        });
             TestServer server = TestServer.inFrontOf(io, origin, "proxy_temp_path tmp; proxy_max_temp_file_size 40m;");
             RawClient client = server.connect()) {
            client.send(GET).readHead();
            much.await();
            client.reset();
            left.await();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy_buffering on;", "proxy_buffering off;"})
    void receivedBytesAreSentAtOnce(String buffering) throws Exception {
        Signal next = new Signal();
        for (String head : List.of("Content-Length: 40000\r\n", "")) {
            try (Origin origin = Origin.scripted(wire -> {
                wire.readRequest();
                wire.send("HTTP/1.1 200 OK\r\n" + head + "\r\n");
                for (int i = 0; i < 4; i++) {
                    wire.send(LONG.substring(10_000 * i, 10_000 * (i + 1)));
                    next.await();
                }
            });
                 TestServer server = TestServer.inFrontOf(io, origin, buffering);
                 RawClient client = server.connect()) {
                client.send("GET / HTTP/1.0\r\n\r\n").readHead();
                for (int i = 0; i < 4; i++) {
                    assertEquals(LONG.substring(10_000 * i, 10_000 * (i + 1)), client.read(10_000));
                    next.give();
                }
                assertEquals("", client.readToEnd());
            }
        }
    }

    @Test
    void deadPeerTruncatesTheAnswerAfterItsLastByte() throws Exception {
        for (int sent : List.of(100, 10_000, 16_000)) {
            String firstPart = LONG.substring(0, sent);
            try (Origin origin = Origin.answeringOnce("HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n" + firstPart);
                 TestServer server = TestServer.inFrontOf(io, origin); RawClient client = server.connect()) {
                String head = client.send(GET).readHead();
                assertTrue(head.contains("\r\nContent-Length: 16384\r\n"), head);
                assertEquals(firstPart, client.readToEnd());
                List<String> log = server.errorLog();
                assertEquals(1, log.size(), log::toString);
                assertTrue(log.getFirst().contains("upstream prematurely closed connection while reading"), log::toString);
            }
        }
    }

    @Test
    void disconnectOfTheClientEndsTheRequestToThePeer() throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 16384\r\n\r\n" + LONG.substring(0, 10_000));
            wire.readToEnd();
            left.give();
        });
             TestServer server = TestServer.inFrontOf(io, origin); RawClient client = server.connect()) {
            client.send(GET).readHead();
            client.read(10_000);
            client.endOutput();
            left.await();
            assertEquals(List.of("GET / HTTP/1.1|200"), server.accessLog());
        }
    }

    @Test
    void answersOfAllSizesOnOneConnection() throws Exception {
        List<Integer> sizes = List.of(1, 3_900, 4_096, 12_000, 16_000, 16_384, 17_000, 40_000, 131_072, 1_000_000);
        try (Origin origin = Origin.scripted(wire -> {
            while (true) {
                String request = wire.readRequest();
                int size = Integer.parseInt(request.substring(5, request.indexOf(' ', 5)));
                boolean chunked = request.contains("\r\nchunked: 1\r\n");
                wire.send("HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(size)
                        + "\r\n" + LONG.substring(0, size) + "\r\n0\r\n\r\n"
                        : "Content-Length: " + size + "\r\n\r\n" + LONG.substring(0, size)));
            }
        });
             TestServer server = TestServer.inFrontOf(io, origin, "proxy_temp_path tmp;"); RawClient client = server.connect()) {
            for (int size : sizes) {
                client.send("GET /" + size + " HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
                assertEquals(LONG.substring(0, size), client.read(size));
                String chunked = client.send("GET /" + size + " HTTP/1.1\r\nHost: a\r\nchunked: 1\r\n\r\n").readAnswer();
                assertEquals(LONG.substring(0, size), dechunked(chunked.substring(chunked.indexOf("\r\n\r\n") + 4)));
            }
            assertEquals(1, origin.connections());
        }
    }

    private static String dechunked(String body) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        int size = -1;
        while (size != 0) {
            int line = body.indexOf("\r\n", at);
            size = Integer.parseInt(body.substring(at, line), 16);
            text.append(body, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"send_timeout 50ms;", "send_min_rate 1000000g grace=0;"})
    void clientThatDoesNotReadLeavesOneLineInTheErrorLog(String limit) throws Exception {
        try (TestServer server = TestServer.nginx(io,
                "server { listen 127.0.0.1:0; root .; access_log done.log; " + limit + " }")) {
            try (RandomAccessFile big = new RandomAccessFile(server.folder().resolve("big").toFile(), "rw")) {
                big.setLength(100 << 20);                      // more than both ends of a connection keep
            }
            try (RawClient client = server.connect()) {
                client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
                server.awaitLines("done.log", 1);              // behind the line in the error log
                List<String> log = server.errorLog().stream().filter(line -> line.startsWith("[info]")).toList();
                assertEquals(1, log.size(), log::toString);
                assertTrue(log.getFirst().contains("client timed out (110: Connection timed out) while sending response to "
                        + "client, client: 127.0.0.1, server: , request: \"GET /big HTTP/1.1\""), log::toString);
            }
        }
    }
}
