package io.selvage.server.observe;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class LogFileTest {
    @TempDir
    private Path folder;
    private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

    private LogFile log(Path path) {
        return LogFile.of(path, complaints::add);
    }

    private Path fifo() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        return fifo;
    }

    @Test
    void linesAreWrittenInOrder() throws IOException {
        Path path = folder.resolve("access.log");
        Files.writeString(path, "old\n");
        try (LogFile log = log(path)) {
            log.line("one");
            log.line("\u00ff");
            log.line("x".repeat(100_000));
            log.line("last");
        }
        assertEquals("old\none\n\u00ff\n" + "x".repeat(100_000) + "\nlast\n",
                Files.readString(path, StandardCharsets.ISO_8859_1));
    }

    @Test
    void lineIsWrittenWithoutWaitingForTheNext() throws Exception {
        Path fifo = fifo();
        try (LogFile log = log(fifo); BufferedReader reader = Files.newBufferedReader(fifo)) {
            log.line("first");
            assertEquals("first", reader.readLine());
            log.line("second");
            assertEquals("second", reader.readLine());
        }
    }

    @Test
    void fileWithoutLinesHasNoThread() throws Exception {
        Path path = folder.resolve("access.log");
        try (LogFile log = log(path)) {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("log " + log.name())) {
                    thread.join();
                }
            }
            assertEquals("", Files.readString(path));
            log.line("first");
        }
        assertEquals("first\n", Files.readString(path));
    }

    /// Each file gets its line about when its first thread ends, which has opened it.
    @Test
    void lineIsWrittenAlthoughTheThreadEnds() throws Exception {
        List<LogFile> logs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            logs.add(log(folder.resolve("log" + i)));
            logs.get(Math.max(0, i - 1)).line("line");
        }
        for (int i = 0; i < 300; i++) {
            logs.get(i).close();
            String expected = i == 0 ? "line\nline\n" : i < 299 ? "line\n" : "";
            assertEquals(expected, Files.readString(folder.resolve("log" + i)));
        }
    }

    @Test
    void awaitReturnsWhenTheLinesAreInTheFile() throws Exception {
        Path path = folder.resolve("error.log");
        try (LogFile log = log(path)) {
            for (int i = 1; i <= 1000; i++) {
                writeAndAwait(log, "line", path, 5 * i);
            }
            log.buffering(new LogFile.Buffering(1000, Duration.ZERO));
            writeAndAwait(log, "buffered", path, 5009);
        }
    }

    /// A writer that gets no processor for too long counts as stuck: then nobody waits for it, and the line comes later.
    private static void writeAndAwait(LogFile log, String line, Path path, long size) throws Exception {
        boolean stuck = log.isStuck();
        long began = System.nanoTime();
        log.line(line);
        log.await();
        if (stuck || System.nanoTime() - began >= LogFile.LONGEST_AWAIT_NANOS) {
            awaitSize(path, size);
        }
        assertEquals(size, Files.size(path));
    }

    @Test
    void awaitEndsThoughNobodyReadsThePipe() throws Exception {
        Path fifo = fifo();
        try (LogFile log = log(fifo)) {
            log.line("first");
            log.await();
            log.line("second");
            log.await();
            try (BufferedReader reader = Files.newBufferedReader(fifo)) {
                assertEquals("first", reader.readLine());
                assertEquals("second", reader.readLine());
                log.line("third");
                log.await();
                assertEquals("third", reader.readLine());
            }
        }
    }

    @Test
    void linesAreBufferedUntilTheBufferIsFull() throws Exception {
        Path path = folder.resolve("access.log");
        try (LogFile log = log(path)) {
            log.buffering(new LogFile.Buffering(10, Duration.ZERO));
            log.line("first");
            awaitSize(path, 0);                            // the writer has opened the file
            assertEquals(0, Files.size(path));
            log.line("second");
            awaitSize(path, 6);
            assertEquals("first\n", Files.readString(path));
        }
        assertEquals("first\nsecond\n", Files.readString(path));
    }

    @Test
    void bufferedLinesAreWrittenAfterTheFlushTime() throws Exception {
        Path path = folder.resolve("access.log");
        try (LogFile log = log(path)) {
            log.buffering(new LogFile.Buffering(1000, Duration.ofMillis(20)));
            log.line("first");
            awaitSize(path, 6);
            log.line("x".repeat(2000));
            awaitSize(path, 2007);
        }
    }

    @Test
    void bufferedLinesAreWrittenBeforeTheFileIsReopened() throws Exception {
        Path path = folder.resolve("access.log");
        Path moved = folder.resolve("moved.log");
        try (LogFile log = log(path)) {
            log.buffering(new LogFile.Buffering(100_000, Duration.ZERO));
            log.line("x".repeat(80_000));
            log.line("y".repeat(30_000));
            awaitSize(path, 80_001);                       // written to make room: the second line is in the buffer
            Files.move(path, moved);
            log.reopen();
            awaitSize(moved, 80_001 + 30_001);
        }
        assertEquals(0, Files.size(path));
    }

    private static void awaitSize(Path path, long size) throws Exception {
        try (WatchService changes = path.getFileSystem().newWatchService()) {
            path.getParent().register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!Files.exists(path) || Files.size(path) < size) {
                WatchKey key = changes.take();
                key.pollEvents();
                key.reset();
            }
        }
    }

    @Test
    void unreadPipeBlocksNoThread() throws Exception {
        Path fifo = fifo();
        LogFile log = log(fifo);
        int count = LogFile.MAX_LINES + 5000;
        assertTimeoutPreemptively(Duration.ofSeconds(50), () -> {
            for (int i = 0; i < count; i++) {
                log.line("line " + i);
            }
        });
        assertEquals(5000, log.dropped());
        Thread closer = Thread.startVirtualThread(log::close);
        try (BufferedReader reader = Files.newBufferedReader(fifo)) {   // frees the writer: all that found room arrives
            assertEquals(LogFile.MAX_LINES, reader.lines().filter(line -> line.startsWith("line ")).count());
        }
        closer.join();
    }

    @Test
    void waitingBytesAreBounded() throws Exception {
        LogFile log = log(fifo());
        String large = "x".repeat((1 << 20) - 1);
        for (int i = 0; i < 20; i++) {
            log.line(large);
        }
        assertEquals(4, log.dropped());
    }

    @Test
    void rotationUnderLoadLosesNoLine() throws Exception {
        Path path = folder.resolve("access.log");
        int threads = 4;
        int each = 3000;
        List<Path> rotated = new ArrayList<>();
        try (LogFile log = log(path)) {
            List<Thread> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int from = t * each;
                writers.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        log.line("line " + (from + i));
                        if (i % 100 == 0) {
                            Thread.yield();
                        }
                    }
                }));
            }
            for (int i = 0; writers.stream().anyMatch(Thread::isAlive) || i < 3; i++) {
                Path to = folder.resolve("access.log." + i);
                if (Files.exists(path)) {
                    Files.move(path, to);
                    rotated.add(to);
                }
                log.reopen();
            }
            assertEquals(0, log.dropped());
        }
        if (Files.exists(path)) {
            rotated.add(path);
        }
        List<String> all = new ArrayList<>();
        for (Path file : rotated) {
            all.addAll(Files.readAllLines(file));
        }
        assertEquals(threads * each, all.size());
        assertEquals(threads * each, new HashSet<>(all).size());
    }

    @Test
    void missingFolderIsReportedOnceAndRetried() throws Exception {
        Path path = folder.resolve("not/there/access.log");
        LogFile log = log(path);
        assertTrue(complaint().contains("access.log"));
        log.line("lost");
        log.await();
        Files.createDirectories(path.getParent());
        log.line("kept");
        log.close();
        String whole = "lost\n".repeat((int) (1 - log.dropped()));      // a starved writer looks when there is a folder
        assertEquals(whole + "kept\n", Files.readString(path));
        assertEquals(0, complaints.size());
    }

    @Test
    void fullDiskIsReportedOnce() throws Exception {
        LogFile log = log(Path.of("/dev/full"));
        log.line("lost");
        assertTrue(complaint().contains("/dev/full"));
        log.line("lost too");
        log.close();
        assertEquals(2, log.dropped());
        assertEquals(0, complaints.size());
    }

    @Test
    void brokenPipeIsReported() throws Exception {
        Path fifo = fifo();
        try (LogFile log = log(fifo)) {
            try (BufferedReader reader = Files.newBufferedReader(fifo)) {
                log.line("heard");
                assertEquals("heard", reader.readLine());
            }
            log.line("unheard");
            assertTrue(complaint().contains("fifo"));
        }
    }

    @Test
    void linesAfterCloseAreCounted() {
        LogFile log = log(folder.resolve("access.log"));
        log.close();
        log.line("late");
        assertEquals(1, log.dropped());
    }

    private String complaint() throws InterruptedException {
        return String.valueOf(complaints.poll(50, TimeUnit.SECONDS));
    }

    @Test
    void buffersAreCompressedAsMembersOfOneFile() throws Exception {
        Path path = folder.resolve("a.gz");
        try (LogFile log = LogFile.of(path, _ -> { })) {
            log.buffering(new LogFile.Buffering(1000, Duration.ZERO, 9));
            log.line("one");
            log.await();
            log.line("two ".repeat(500));
        }
        try (var in = new GZIPInputStream(Files.newInputStream(path))) {
            assertEquals("one\n" + "two ".repeat(500) + "\n", new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
        assertTrue(Files.size(path) < 200, "not compressed");
    }

    @Test
    void linesToSyslogAreDatagramsWithoutTheirEnds() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                LogFile log = LogFile.datagrams("syslog", server::getLocalSocketAddress, _ -> { })) {
            server.setSoTimeout(50_000);
            log.line("one");
            log.line("two");
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            server.receive(packet);
            assertEquals("one", new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1));
            packet.setLength(100);
            server.receive(packet);
            assertEquals("two", new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void missingSyslogServerIsReportedOnce() throws Exception {
        List<String> problems = new CopyOnWriteArrayList<>();
        SocketAddress nowhere = UnixDomainSocketAddress.of(folder.resolve("none"));
        LogFile log = LogFile.datagrams("syslog", () -> nowhere, problems::add);
        log.line("one");
        log.line("two");
        log.close();
        assertEquals(2, log.dropped());
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.getFirst().startsWith("log \"syslog\" cannot be written: connect("), problems::toString);
    }
}
