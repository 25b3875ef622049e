package io.selvage.server.whole;

import com.sun.management.UnixOperatingSystemMXBean;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Faults of clients, disks and files while the server runs.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class FaultsTest {
    /// More than the buffers of both ends of a connection hold.
    private static final int LARGE = 16 << 20;
    private static final String GET_LARGE = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";

    @Parameter
    private Io io;
    @TempDir
    private Path folder;

    private TestServer logging(String logs) throws IOException {
        return TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    keepalive_requests 1000000;
                    %s
                    location / { return 204; }
                }
                """.formatted(logs));
    }

    private TestServer serving(String content) throws IOException {
        return TestServer.nginx(io, "open_file_cache max=9; open_file_cache_valid 10ms; server { listen 127.0.0.1:0; root .; }",
                "large", content);
    }

    @Test
    void clientResetsReleaseAllConnections() throws Exception {
        int clients = 200;
        var left = new Semaphore(0);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nbegin");
            wire.readToEnd();
            left.release();
        });
             TestServer server = TestServer.inFrontOf(io, origin, "location = /alive { return 204; }")) {
            long before = descriptors();
            for (int i = 0; i < clients; i++) {
                RawClient taking = server.connect();
                taking.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("begin");
                taking.reset();
                RawClient giving = server.connect();
                giving.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegin");
                giving.reset();
            }
            assertTrue(left.tryAcquire(clients, 50, TimeUnit.SECONDS));
            while (descriptors() > before + 5) {
                assertTrue(server.get("/alive").startsWith("HTTP/1.1 204 "));    // each event loop closes what it has to
            }
            assertEquals(clients, origin.connections());
        }
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    @Test
    void fullDiskOrUnreadPipeStopsNoAnswer() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        try (TestServer server = logging("access_log /dev/full line; access_log " + pipe + " line; access_log whole.log line;");
             RawClient client = server.connect()) {
            for (int i = 0; i < 1000; i++) {
                assertTrue(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readHead().startsWith("HTTP/1.1 204 "));
            }
            FutureTask<List<String>> read = new FutureTask<>(() -> Files.readAllLines(pipe));
            Thread.ofPlatform().start(read);               // frees the writer of the pipe, for which a stop waits two seconds
            server.stop(Duration.ofSeconds(50));
            assertEquals(1000, read.get().size());
            assertEquals(1000, server.lines("whole.log").size());
            assertEquals(1, server.errorLog().stream().filter(line -> line.contains("/dev/full")).count());
        }
    }

    @Test
    void logRotationUnderLoadLosesNoLine() throws Exception {
        var over = new AtomicBoolean();
        var answered = new Semaphore(0);
        try (TestServer server = logging("")) {
            List<FutureTask<Integer>> loads = IntStream.range(0, 3).mapToObj(number -> {
                var load = new FutureTask<>(() -> {
                    try (RawClient client = server.connect()) {
                        int made = 0;
                        for (; !over.get(); made++) {
                            client.send("GET /" + number + "/" + made + " HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
                            answered.release();
                        }
                        return made;
                    }
                });
                Thread.ofPlatform().start(load);
                return load;
            }).toList();
            int rotations = 0;
            for (; rotations < 8; rotations++) {
                assertTrue(answered.tryAcquire(100, 30, TimeUnit.SECONDS));
                server.awaitLines("access.log", 1);
                Files.move(server.folder().resolve("access.log"), server.folder().resolve("access.log." + rotations));
                server.server().reopenLogs();
            }
            over.set(true);
            int made = 0;
            for (FutureTask<Integer> load : loads) {
                made += load.get();
            }
            List<String> lines = new ArrayList<>(server.accessLog());
            for (int i = 0; i < rotations; i++) {
                lines.addAll(server.lines("access.log." + i));
            }
            assertEquals(made, lines.size());
            assertEquals(made, lines.stream().distinct().count());
        }
    }

    @Test
    void fileTruncatedWhileItIsServedIsNotPadded() throws IOException {
        try (TestServer server = serving("x".repeat(LARGE)); RawClient client = server.connect()) {
            String head = client.send(GET_LARGE).readHead();
            assertTrue(head.contains("\r\nContent-Length: " + LARGE + "\r\n"), head);
            try (FileChannel file = FileChannel.open(server.folder().resolve("large"), StandardOpenOption.WRITE)) {
                file.truncate(10);
            }
            String body = "";
            try {
                body = client.readToEnd();
            } catch (IOException _) {
                // A reset also shows that the answer is incomplete.
            }
            assertTrue(body.length() < LARGE);
            assertTrue(body.chars().allMatch(c -> c == 'x'));
            awaitHead(server, next -> next.contains("\r\nContent-Length: 10\r\n"));
        }
    }

    @Test
    void fileThatGrowsWhileItIsServedKeepsItsLength() throws IOException {
        try (TestServer server = serving("x".repeat(LARGE)); RawClient client = server.connect()) {
            client.send(GET_LARGE).readHead();
            Files.writeString(server.folder().resolve("large"), "y".repeat(1000), StandardOpenOption.APPEND);
            assertFalse(client.read(LARGE).contains("y"));
            String next = client.send("HEAD /missing HTTP/1.1\r\nHost: a\r\n\r\n").readHead();
            assertTrue(next.startsWith("HTTP/1.1 404 "), next);
        }
    }

    @Test
    void fileReplacedWhileItIsServedIsSentCompletely() throws IOException {
        try (TestServer server = serving("x".repeat(LARGE)); RawClient client = server.connect();
             RawClient other = server.connect()) {
            String first = client.send(GET_LARGE).readHead();
            Path file = server.folder().resolve("large");
            Files.writeString(folder.resolve("new"), "y".repeat(LARGE + 1));
            Files.move(folder.resolve("new"), file, StandardCopyOption.ATOMIC_MOVE);
            assertFalse(client.read(LARGE).contains("y"));
            awaitHead(server, head -> head.contains("\r\nETag: ") && !etag(head).equals(etag(first)));
            other.send(GET_LARGE).readHead();
            Files.delete(file);
            assertFalse(other.read(LARGE + 1).contains("x"));
            awaitHead(server, head -> head.startsWith("HTTP/1.1 404 "));
        }
    }

    /// A change is seen when the cache looks at the file again, and the time of a test is limited.
    private static void awaitHead(TestServer server, Predicate<String> wanted) throws IOException {
        String request = "HEAD /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        String head = server.ask(request);
        while (!wanted.test(head)) {
            head = server.ask(request);
        }
    }

    private static String etag(String head) {
        return head.lines().filter(line -> line.startsWith("ETag: ")).findFirst().orElse("");
    }
}
