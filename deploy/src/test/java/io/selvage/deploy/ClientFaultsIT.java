package io.selvage.deploy;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Clients that are slow or reset their connections, beside a load of 200 requests per second of which none may fail.
@ParameterizedClass(name = "io {0}")
@ValueSource(strings = {"carrier", "jdk"})
class ClientFaultsIT {
    private static final int CLIENTS = 30;
    private static final int READERS = 5;
    private static final int LONG = 8_000_000;              // bytes of an answer; more than the buffers of two sockets hold
    private static final int PIECE = 4_000;
    private static final int DESCRIPTORS_OF_LOAD = 40;      // at most, when each request has a connection of its own
    private static final String UPLOAD = "POST %s0/0 HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nstart";
    private static final String CHUNKED_UPLOAD = "POST %s0/0 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nstart";
    private static final String UNBUFFERED = """
            location /unbuffered/ {
                proxy_pass http://exact;
                proxy_request_buffering off;
            }
            """;
    /// A server that ends slow clients soon. Its access log shows when it has ended one.
    private static final String SHORT_TIMEOUTS = """
            server {
                listen 127.0.0.1:%d sndbuf=64k;
                root .;
                access_log /dev/stdout;
                client_header_timeout 500ms;
                client_body_timeout 500ms;
                send_timeout 500ms;
                location /exact/ {
                    proxy_pass http://exact;
                }
                %s
                location /least/ {
                    client_body_timeout 60s;
                    client_body_min_rate 100k grace=500ms;
                    proxy_pass http://exact;
                }
                location /least/files/ {
                    alias ./files/;
                    send_timeout 60s;
                    send_min_rate 10m grace=500ms;
                }
                location /least/exact/ {
                    proxy_pass http://exact;
                    send_timeout 60s;
                    send_min_rate 10m grace=500ms;
                }
            }
            """;

    @Parameter
    @SuppressWarnings("unused")                             // the value goes to `start`
    private String io;

    @TempDir
    private static Path folder;
    private static int shortTimeouts;                       // a port
    private static FaultServers servers;
    private static int idleDescriptors;                     // those that the server has without connections

    private final List<RawHttp> clients = new ArrayList<>();

    @BeforeParameterizedClassInvocation
    static void start(String io) throws Exception {
        shortTimeouts = SelvageProcess.freePort();
        servers = FaultServers.start(folder.resolve(io), io, UNBUFFERED,
                SHORT_TIMEOUTS.formatted(shortTimeouts, UNBUFFERED));
        try (var file = new RandomAccessFile(servers.prefix() + "/files/0/" + LONG, "rw")) {
            file.setLength(LONG);
        }
        idleDescriptors = servers.selvage().descriptors();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        servers.stop();
    }

    @AfterEach
    void disconnect() throws IOException {
        for (RawHttp client : clients) {
            client.close();
        }
    }

    private List<RawHttp> connect(int count, int port, String text) throws IOException {
        var added = new ArrayList<RawHttp>();
        for (int i = 0; i < count; i++) {
            RawHttp client = new RawHttp(port);
            clients.add(client);
            added.add(client.send(text));
        }
        return added;
    }

    private static String getLong(String location) {
        return new String(new NumberedRequest(0, false, location, 0, LONG).bytes(), US_ASCII);
    }

    /// 408 after `client_header_timeout`; a client that has sent nothing gets nothing.
    @Test
    void slowHeads() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(20);
            List<RawHttp> silent = connect(CLIENTS, shortTimeouts, "");
            for (RawHttp client : connect(CLIENTS, shortTimeouts, "GET / HTTP/1.1\r\nHost: exam")) {
                assertEquals(408, client.answer().status());
            }
            for (RawHttp client : silent) {
                assertThrows(EOFException.class, client::line);
            }
            load.awaitAnswers(20);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    /// 408 after `client_body_timeout`, whether or not a peer has received the start of the body.
    @Test
    void pausedBodies() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(20);
            connect(CLIENTS, shortTimeouts, UPLOAD.formatted("/exact/"));
            connect(CLIENTS, shortTimeouts, UPLOAD.formatted("/unbuffered/"));
            connect(CLIENTS, shortTimeouts, CHUNKED_UPLOAD.formatted("/exact/"));
            for (RawHttp client : clients) {
                assertEquals(408, client.answer().status());
                assertThrows(EOFException.class, client::line);
            }
            load.awaitAnswers(20);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    /// 408 for a body that arrives more slowly than `client_body_min_rate`.
    @Test
    void slowBodies() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(20);
            connect(CLIENTS, shortTimeouts, UPLOAD.formatted("/least/"));
            var statuses = new ArrayList<Integer>();
            Thread reading = Thread.startVirtualThread(() -> readAnswers(statuses));
            while (reading.isAlive()) {
                load.awaitAnswers(1);                       // one byte each in five milliseconds
                for (RawHttp client : clients) {
                    client.send("x");
                }
            }
            assertEquals(Collections.nCopies(CLIENTS, 408), statuses);
            load.awaitAnswers(20);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    private void readAnswers(List<Integer> statuses) {
        try {
            for (RawHttp client : clients) {
                statuses.add(client.answer().status());
            }
        } catch (IOException _) {
            // the statuses are incomplete
        }
    }

    /// A cut after `send_timeout`.
    @ParameterizedTest
    @ValueSource(strings = {"/files/", "/exact/"})
    void pausedReaders(String location) throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(20);
            connect(READERS, shortTimeouts, getLong(location));
            servers.selvage().server().awaitLinesSince(before, READERS,
                    "\"GET " + location + "\\d+/" + LONG + " HTTP/1.1\" 200 ");
            for (RawHttp client : clients) {
                RawHttp.Head head = client.head();
                assertEquals(200, head.status());
                assertThrows(IOException.class, () -> client.body(head));
            }
            load.awaitAnswers(20);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    /// A cut for a client that reads more slowly than `send_min_rate`.
    @ParameterizedTest
    @ValueSource(strings = {"/least/files/", "/least/exact/"})
    void slowReaders(String location) throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(20);
            connect(READERS, shortTimeouts, getLong(location));
            for (RawHttp client : clients) {
                assertEquals(200, client.head().status());
            }
            for (int read = 0; !clients.isEmpty(); read += PIECE) {
                assertTrue(read < LONG / 2, clients.size() + " readers were not ended");
                load.awaitAnswers(1);                       // a piece each in five milliseconds
                skipPieces();
            }
            load.awaitAnswers(20);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    private void skipPieces() throws IOException {
        for (RawHttp client : List.copyOf(clients)) {
            try {
                client.skip(PIECE);
            } catch (EOFException _) {
                clients.remove(client);
                client.close();
            }
        }
    }

    /// The server keeps no descriptor for them.
    @Test
    void resettingClients() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load(CheckedLoad.Connections.NEW, "/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(20);
            for (String start : List.of("", "GET / HT", UPLOAD.formatted("/exact/"), UPLOAD.formatted("/unbuffered/"))) {
                connect(2 * CLIENTS, servers.port(), start);
            }
            List<RawHttp> readers = connect(READERS, servers.port(), getLong("/exact/"));
            for (RawHttp reader : readers) {
                assertEquals(200, reader.head().status());
            }
            awaitDescriptors(load, count -> count >= idleDescriptors + clients.size());
            for (RawHttp client : clients) {
                client.reset();
            }
            awaitDescriptors(load, count -> count <= idleDescriptors + DESCRIPTORS_OF_LOAD);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    private static void awaitDescriptors(CheckedLoad load, IntPredicate wanted) throws IOException, InterruptedException {
        int most = 1_000;
        for (int looks = 0; !wanted.test(servers.selvage().descriptors()); looks++) {
            assertTrue(looks < most, servers.selvage().descriptors() + " descriptors");
            load.awaitAnswers(1);
        }
    }
}
