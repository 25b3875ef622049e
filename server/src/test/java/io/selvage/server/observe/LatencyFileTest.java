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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
                new ExchangeQueue.Places(2, () -> (int) Thread.currentThread().threadId()), clock, complaints::add);
    }

    private static RequestTiming took(String location, long nanos) {
        return new RequestTiming(location, nanos, List.of());
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
            file.add(file.location("a/"), 1000);
            file.add(file.location("a/"), 2000);
            file.add(file.location("b/"), 3000);
            file.add(took("a/", 5000));
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
                file.add(took("a/", run));
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
            file.add(took("a/", 1000));
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
    void exchangeWithAKnownPeerIsCountedWithoutAnObject() throws Exception {
        Path path = folder.resolve("times.hlog");
        BlockingQueue<Boolean> looks = new LinkedBlockingQueue<>();    // of the thread that counts, at the clock: twice a round
        InstantSource clock = () -> {
            if (Thread.currentThread().getName().startsWith("latency")) {
                looks.add(true);
            }
            return NOON;
        };
        Attempt attempt = new Attempt(Attempt.Peer.alone("p:1"), Status.OK, 1000, -1, 0, 2000, 3000, Attempt.Traffic.NONE);
        try (LatencyFile file = file(path, HOUR, clock)) {
            int number = file.location("a/");
            assertFalse(file.add(number, 5000, attempt));
            file.add(new RequestTiming("a/", 5000, List.of(attempt)));
            looks.clear();
            for (int i = 0; i < 6; i++) {                  // until a round has begun and ended
                looks.take();
            }
            assertTrue(file.add(number, 5000, attempt));
        }
        List<Histogram> intervals = read(path);
        assertEquals(10, intervals.size());
        intervals.forEach(each -> assertEquals(2, each.getTotalCount(), each::getTag));
    }

    @Test
    void exchangesBeyondTheQueueAreCountedAndReported() throws Exception {
        Path path = folder.resolve("times.hlog");
        CountDownLatch goOn = new CountDownLatch(1);
        LatencyFile file = LatencyFile.of(path, HOUR, new ExchangeQueue.Places(1, () -> 0), () -> {
            if (Thread.currentThread().getName().startsWith("latency")) {
                awaitUninterruptibly(goOn);
            }
            return NOON;
        }, complaints::add);
        assertEquals(0, file.location("a/"));
        for (int i = 0; i < ExchangeQueue.MOST_WAITING + 5; i++) {
            file.add(took("a/", i));
            file.add(0, i);
        }
        assertEquals(10, file.dropped());
        goOn.countDown();
        file.close();
        assertEquals("latency log \"" + path + "\": 10 exchanges were not counted", complaints.take());
        assertTrue(Files.readString(path).endsWith("\n#[Dropped: 10 exchanges were not counted]\n"));
        assertEquals(2 * ExchangeQueue.MOST_WAITING, read(path).getFirst().getTotalCount());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void manyThreadsLoseNoExchange() throws Exception {
        Path path = folder.resolve("times.hlog");
        int threads = 8;
        int each = 2000;                                   // together no more than one queue holds
        try (LatencyFile file = file(path, HOUR, InstantSource.fixed(NOON))) {
            int number = file.location("a/");
            List<Thread> telling = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                telling.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        file.add(number, i);
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
            file.add(took("a/", i));
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
            file.add(took("a/", 1));
            assertTrue(complaints.take().contains("there.hlog\" cannot be written"));
        }
        assertEquals(0, complaints.size());
    }
}
