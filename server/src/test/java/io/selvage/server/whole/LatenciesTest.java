package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The `latency_log` of real exchanges. Times are compared only with lower bounds.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class LatenciesTest {
    private static final String TEN = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";

    @Parameter
    private Io io;

    private TestServer counting(String locations) throws IOException {
        return TestServer.nginx(io, """
                latency_log times.hlog interval=100ms;
                server { listen 127.0.0.1:0; server_name shop.example; %s }
                """.formatted(locations), "html/a", "a");
    }

    /// All that was counted, by series. Ends the server, for only then is it whole.
    private static Map<String, Histogram> counted(TestServer server) throws IOException {
        server.stop(Duration.ofSeconds(50));
        Map<String, Histogram> all = new TreeMap<>();
        read(server.folder().resolve("times.hlog"), all);
        return all;
    }

    private static void read(Path file, Map<String, Histogram> all) throws IOException {
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            while (reader.hasNext()) {
                if (reader.nextIntervalHistogram() instanceof Histogram interval) {
                    all.computeIfAbsent(String.valueOf(interval.getTag()), _ -> new Histogram(2)).add(interval);
                }
            }
        }
    }

    private static Map<String, Long> counts(Map<String, Histogram> counted) {
        return counted.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().getTotalCount()));
    }

    private static void atLeast(long nanos, Map<String, Histogram> counted, String tag) {
        assertTrue(counted.get(tag).getMaxValue() >= nanos, () -> tag + ": " + counted.get(tag).getMaxValue() + " < " + nanos);
    }

    @Test
    void exchangeIsCountedForTheLocationThatAnsweredIt() throws IOException {
        try (TestServer server = counting("""
                location / { error_page 404 /sorry; }
                location = /sorry { return 404 sorry; }
                location ~ \\.(x|y)$ { return 204; }
                location /off { latency_log off; return 204; }
                location /own { latency_log times.hlog interval=100ms; latency_log own.hlog; return 204; }
                """)) {
            server.get("/a");
            server.get("/a");
            server.get("/nothing");
            server.get("/b.x");
            server.get("/off");
            server.get("/own");
            server.ask("rubbish\r\n\r\n");
            assertEquals(Map.of("location:shop.example/", 2L, "location:shop.example=/sorry", 1L,
                    "location:shop.example~\\.(x|y)$", 1L, "location:shop.example/own", 1L, "location:shop.example", 1L),
                    counts(counted(server)));
            Map<String, Histogram> own = new TreeMap<>();
            read(server.folder().resolve("own.hlog"), own);
            assertEquals(Map.of("location:shop.example/own", 1L), counts(own));
        }
    }

    @Test
    void timeOfAProxiedExchangeIsSplitIntoPhases() throws Exception {
        AtomicLong asked = new AtomicLong();
        AtomicLong answering = new AtomicLong();
        AtomicLong ending = new AtomicLong();
        Signal headSeen = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.set(System.nanoTime());
            answering.set(System.nanoTime());
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
            headSeen.await();
            ending.set(System.nanoTime());
            wire.send("56789");
            wire.readToEnd();
        }); TestServer server = counting("location / { proxy_pass http://%s; }".formatted(origin.address()));
             RawClient client = server.connect()) {
            long started = System.nanoTime();
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            client.readUntil("100 Continue\r\n\r\n");
            long headKnown = System.nanoTime();
            long bodySent = System.nanoTime();
            client.send("hello");
            client.readUntil("01234");
            long seen = System.nanoTime();
            headSeen.give();
            client.readUntil("56789");
            long over = System.nanoTime();

            Map<String, Histogram> counted = counted(server);
            for (String subject : List.of("location:shop.example/", "peer:" + origin.address())) {
                atLeast(bodySent - headKnown, counted, subject + ":queue");
                atLeast(answering.get() - asked.get(), counted, subject + ":first-byte");
                atLeast(ending.get() - seen, counted, subject + ":body");
                atLeast(1, counted, subject + ":connect");
                long parts = 0;
                for (String part : List.of(":queue", ":connect", ":first-byte", ":body")) {
                    parts += counted.get(subject + part).getMinValue();
                }
                assertTrue(parts <= over - started, subject);
            }
            assertEquals(10, counted.size(), () -> counted.keySet().toString());
            assertEquals(Map.of(1L, 10L), counts(counted).values().stream()
                    .collect(Collectors.groupingBy(count -> count, Collectors.counting())));
        }
    }

    @Test
    void keptConnectionConnectsInZeroTime() throws IOException {
        try (Origin origin = Origin.answering(TEN);
             TestServer server = counting("location / { proxy_pass http://%s; }".formatted(origin.address()));
             RawClient client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
            }
            Histogram connect = counted(server).get("location:shop.example/:connect");
            assertEquals(3, connect.getTotalCount());
            assertEquals(3 - origin.connections(), connect.getCountAtValue(0));
        }
    }

    @Test
    void failedAttemptsHaveTheirOwnSeries() throws IOException {
        String nobody = Origin.refusing();
        try (Origin origin = Origin.answering(TEN); TestServer server = TestServer.nginx(io, """
                latency_log times.hlog;
                upstream app { server %s; server %s backup; }
                server { listen 127.0.0.1:0; location / { proxy_pass http://app; } }
                """.formatted(nobody, origin.address()))) {
            server.get("/");
            Map<String, Long> counts = counts(counted(server));
            assertEquals(1L, counts.get("peer:" + nobody + ":failed"));
            assertEquals(1L, counts.get("peer:" + origin.address() + ":body"));
            assertEquals(1L, counts.get("location:_/:queue"));
            assertEquals(5 + 5 + 1, counts.size());
        }
    }

    @Test
    void intervalsAreWrittenWhileTheServerRuns() throws Exception {
        try (TestServer server = counting("return 204;")) {
            server.get("/");
            assertTrue(server.awaitLines("times.hlog", 6).get(5).startsWith("Tag=location:shop.example,"));
        }
    }

    @Test
    void reloadContinuesCounting() throws IOException {
        String text = "latency_log times.hlog; server { listen 127.0.0.1:0; return 204; }";
        try (TestServer server = TestServer.nginx(io, text)) {
            server.get("/");
            server.reload(text);
            server.get("/");
            server.reload(text.replace("return 204", "return 200 new"));
            server.get("/");
            server.reload("server { listen 127.0.0.1:0; return 204; }");
            server.get("/");
            assertEquals(Map.of("location:_", 3L), counts(counted(server)));
            assertEquals(1, server.lines("times.hlog").stream().filter(line -> line.startsWith("#[BaseTime")).count());
        }
    }

    @Test
    void fileAfterARotationIsComplete() throws Exception {
        try (TestServer server = counting("return 204;")) {
            server.get("/");
            server.awaitLines("times.hlog", 6);
            Files.move(server.folder().resolve("times.hlog"), server.folder().resolve("times.hlog.1"));
            server.server().reopenLogs();
            server.awaitLines("times.hlog", 5);
            server.get("/");
            Map<String, Histogram> counted = counted(server);
            assertEquals(Map.of("location:shop.example", 1L), counts(counted));
            read(server.folder().resolve("times.hlog.1"), counted);
            assertEquals(Map.of("location:shop.example", 2L), counts(counted));
        }
    }

    @Test
    void unwritableFilePreventsTheStart() throws IOException {
        String bad = "latency_log html; server { listen 127.0.0.1:0; return 204; }";
        IOException failure = assertThrows(IOException.class, () -> TestServer.nginx(io, bad, "html/a", ""));
        assertTrue(failure.getMessage().matches("log \".*/html\" cannot be written: .*Is a directory.*"), failure.getMessage());
        try (TestServer server = counting("return 204;")) {
            assertThrows(IOException.class, () -> server.reload(bad));
            assertTrue(server.get("/").startsWith("HTTP/1.1 204 "));
        }
    }
}
