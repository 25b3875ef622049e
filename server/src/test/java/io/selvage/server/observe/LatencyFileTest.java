package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The counting of exchanges on the thread of the log, and the resulting file.
@Timeout(60)
class LatencyFileTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.250Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;
    private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

    private LatencyFile file(Path path, Duration interval, InstantSource clock) {
        return LatencyFile.of(path, interval,
                new Stripes.Places(2, () -> (int) Thread.currentThread().threadId()), clock, complaints::add);
    }

    static List<Histogram> read(Path path) throws IOException {
        List<Histogram> intervals = new ArrayList<>();
        try (HistogramLogReader reader = new HistogramLogReader(path.toFile())) {
            while (reader.hasNext()) {
                if (reader.nextIntervalHistogram() instanceof Histogram interval) {
                    intervals.add(interval);
                }
            }
        }
        return intervals;
    }

    @Test
    void closeWritesTheLastInterval() throws IOException {
        Path path = folder.resolve("times.hlog");
        try (LatencyFile file = file(path, HOUR, InstantSource.fixed(NOON))) {
            file.add("a/", 1000, List.of());
            file.add("a/", 2000, List.of());
            file.add("b/", 3000, List.of());
            file.add("a/", 5000, List.of());
        }
        List<Histogram> intervals = read(path);
        assertEquals(2, intervals.size());
        assertEquals("location:a/", intervals.getFirst().getTag());
        assertEquals(3, intervals.getFirst().getTotalCount());
        assertEquals(NOON.toEpochMilli(), intervals.getFirst().getStartTimeStamp());
        assertEquals(0, complaints.size());
    }

    @Test
    void fileWithoutExchangesContainsOnlyTheHeader() throws IOException {
        Path path = folder.resolve("times.hlog");
        file(path, HOUR, InstantSource.fixed(NOON)).close();
        assertEquals("""
                #[Selvage: durations of exchanges, in nanoseconds]
                #[Histogram log format version 1.3]
                #[BaseTime: 0.000 (seconds since epoch)]
                #[StartTime: 1767268800.250 (seconds since epoch), DATE]
                "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
                """, Files.readString(path).replaceAll("epoch\\), .*]", "epoch), DATE]"));
    }

    @Test
    void existingFileIsContinued() throws IOException {
        Path path = folder.resolve("times.hlog");
        for (int run = 1; run <= 2; run++) {
            try (LatencyFile file = file(path, HOUR, InstantSource.fixed(NOON.plusSeconds(run)))) {
                file.add("a/", run, List.of());
            }
        }
        assertEquals(List.of(NOON.plusSeconds(1).toEpochMilli(), NOON.plusSeconds(2).toEpochMilli()),
                read(path).stream().map(Histogram::getStartTimeStamp).toList());
    }

    @Test
    void intervalIsWrittenAtItsEnd() throws Exception {
        Path path = folder.resolve("times.hlog");
        AtomicLong time = new AtomicLong(NOON.toEpochMilli());
        BlockingQueue<Long> looks = new LinkedBlockingQueue<>();   // of the thread that counts, at the clock
        InstantSource clock = () -> {
            long now = time.get();
            if (Thread.currentThread().getName().startsWith("latency")) {
                looks.add(now);
            }
            return Instant.ofEpochMilli(now);
        };
        try (LatencyFile file = file(path, Duration.ofSeconds(1), clock)) {
            looks.take();
            file.add("a/", 1000, List.of());
            long over = NOON.toEpochMilli() + 750;         // a whole second of the day
            time.set(over);
            int seen = 0;
            while (seen < 4) {                             // until it is in another round
                seen += looks.take() == over ? 1 : 0;
            }
            time.set(NOON.toEpochMilli() + 1800);
        }
        assertEquals(1, read(path).size());
        assertEquals(NOON.toEpochMilli() + 750, read(path).getFirst().getEndTimeStamp());
    }

    @Test
    void attemptsAreCountedByPhase() throws Exception {
        Path path = folder.resolve("times.hlog");
        Attempt attempt = new Attempt(Attempt.Peer.alone("p:1"), Status.OK, 1000, -1, 0, 2000, 3000, Attempt.Traffic.NONE);
        try (LatencyFile file = file(path, HOUR, InstantSource.fixed(NOON))) {
            file.add("a/", 5000, List.of(attempt));
            file.add("a/", 5000, List.of(attempt));
        }
        List<Histogram> intervals = read(path);
        assertEquals(10, intervals.size());
        intervals.forEach(each -> assertEquals(2, each.getTotalCount(), each::getTag));
    }

    @Test
    void exchangesThatFindNoFreeStripeAreReported() throws Exception {
        Path path = folder.resolve("times.hlog");
        try (LatencyFile file = file(path, HOUR, InstantSource.fixed(NOON))) {
            addABatchWhileABatchIsCounted(file, 5);        // there are four stripes
        }
        assertEquals("latency log \"" + path + "\": 32 exchanges were not counted", complaints.take());
        assertTrue(Files.readString(path).endsWith("\n#[Dropped: 32 exchanges were not counted]\n"));
        assertEquals(4 * LatencyStripe.BATCH, read(path).getFirst().getTotalCount());
    }

    /// Adds a batch of exchanges, and while it is counted the next one: all of them have a stripe at the same time.
    private static void addABatchWhileABatchIsCounted(LatencyFile file, int batches) {
        for (int i = 1; i < LatencyStripe.BATCH; i++) {
            file.add("a/", i, List.of());
        }
        file.add("a/", 1, new AbstractList<>() {
            @Override
            public int size() {
                if (batches > 1) {
                    addABatchWhileABatchIsCounted(file, batches - 1);
                }
                return 0;
            }

            @Override
            public Attempt get(int index) {
                throw new IndexOutOfBoundsException(index);
            }
        });
    }

    @Test
    void manyThreadsLoseNoExchange() throws Exception {
        Path path = folder.resolve("times.hlog");
        int threads = 8;
        int each = 2000;
        try (LatencyFile file = file(path, HOUR, InstantSource.fixed(NOON))) {
            List<Thread> telling = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                telling.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        file.add("a/", i, List.of());
                    }
                }));
            }
            for (Thread thread : telling) {
                thread.join();
            }
        }
        assertEquals(threads * each, read(path).getFirst().getTotalCount());
    }

    @Test
    void unreadPipeBlocksNoThread() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        LatencyFile file = file(fifo, HOUR, InstantSource.fixed(NOON));
        for (int i = 0; i < 1000; i++) {
            file.add("a/", i, List.of());
        }
        Thread closer = Thread.startVirtualThread(file::close);
        try (BufferedReader reader = Files.newBufferedReader(fifo)) {
            assertEquals(1, reader.lines().filter(line -> line.startsWith("Tag=location:a/,")).count());
        }
        closer.join();
    }

    @Test
    void missingFolderIsReportedOnce() throws Exception {
        Path path = folder.resolve("not/there.hlog");
        try (LatencyFile file = file(path, HOUR, InstantSource.fixed(NOON))) {
            file.add("a/", 1, List.of());
            assertTrue(complaints.take().contains("there.hlog\" cannot be written"));
        }
        assertEquals(0, complaints.size());
    }
}
