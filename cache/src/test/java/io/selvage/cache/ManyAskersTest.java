package io.selvage.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Who waits for ever is a failure too, so there is a limit; it decides nothing else.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyAskersTest {
    @TempDir Path folder;

    @Test void oneReadsAndTheOthersWaitForIt() throws Exception {
        var othersMayCome = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var desk = new Desk(folder, FileCacheSettings.standard(), reading -> {
            othersMayCome.countDown();
            waitFor(go);
            reading.run();
        });
        desk.write("a", "one");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<String>>();
            answers.add(threads.submit(() -> desk.look("a")));
            othersMayCome.await();
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(() -> desk.look("a")));
            }
            go.countDown();
            for (var answer : answers) {
                assertEquals("one", answer.get());
            }
        }
        assertEquals(1, desk.cache.counts().read());
        assertEquals(2, desk.cache.counts().asked());
    }

    @Test void nobodyIsGivenTheOldBytesWhileTheNewAreRead() throws Exception {
        var isSecond = new AtomicBoolean();
        var othersMayCome = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var desk = new Desk(folder, FileCacheSettings.standard(), reading -> {
            if (isSecond.get()) {
                othersMayCome.countDown();
                waitFor(go);
            }
            reading.run();
        });
        desk.write("a", "one");
        desk.look("a");
        isSecond.set(true);
        desk.write("a", "other");
        desk.pass(Duration.ofSeconds(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> desk.look("a"));
            othersMayCome.await();
            var second = threads.submit(() -> desk.look("a"));
            go.countDown();
            assertEquals("other", first.get());
            assertEquals("other", second.get());
        }
    }

    @Test void aReaderThatIsRefusedIsNotWaitedForForEver() throws IOException {
        var refuse = new AtomicBoolean(true);
        var desk = new Desk(folder, FileCacheSettings.standard(), reading -> {
            if (refuse.get()) {
                throw new RejectedExecutionException("full");
            }
            reading.run();
        });
        desk.write("a", "one");
        assertEquals("broken", desk.look("a"));
        refuse.set(false);
        assertEquals("one", desk.look("a"));
    }

    @Test void whoeverComesAfterAMistakeIsNotLeftWaiting() {
        var desk = new Desk(folder, FileCacheSettings.standard());
        var mistake = new FileName("/\u20ac");
        assertThrows(IllegalArgumentException.class, () -> desk.cache.find(mistake));
        assertThrows(IllegalArgumentException.class, () -> desk.cache.find(mistake));
        assertEquals(0, desk.cache.counts().entries());
    }

    /// Every version of a file is one letter over and over; whatever happens, nobody sees two letters, or another length
    /// than the facts tell, or a version older than one already seen. A file that is replaced three times while one thread reads
    /// it is left on disk; such an answer tells nothing here.
    @Test void filesThatAreReplacedAllTheTimeAreAlwaysSeenWhole() throws Exception {
        var desk = new Desk(folder, FileCacheSettings.standard().withMaxBytes(60_000));
        for (int file = 0; file < 4; file++) {
            desk.write("f" + file, version(0));
        }
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = new ArrayList<Future<Integer>>();
            for (int reader = 0; reader < 8; reader++) {
                var random = new SplittableRandom(reader);
                readers.add(threads.submit((Callable<Integer>) () -> {
                    int seen = 0;
                    var newest = new int[4];
                    do {
                        int file = random.nextInt(4);
                        FileLookup found = desk.find("f" + file);
                        if (!(found instanceof FileLookup.OnDisk)) {
                            int version = wholeVersion(assertInstanceOf(FileLookup.Ready.class, found));
                            assertTrue(version >= newest[file], version + " after " + newest[file]);
                            newest[file] = version;
                            seen++;
                        }
                    } while (!done.get());
                    return seen;
                }));
            }
            for (int version = 1; version < 26; version++) {
                for (int file = 0; file < 4; file++) {
                    desk.replace("f" + file, version(version));
                }
                desk.pass(Duration.ofSeconds(1));
            }
            done.set(true);
            for (var reader : readers) {
                assertTrue(reader.get() > 0);
            }
        }
    }

    private static String version(int number) {
        return Character.toString('a' + number).repeat(5_000 + number);
    }

    private static int wholeVersion(FileLookup.Ready found) {
        ByteBuffer bytes = found.ready().duplicate();
        int version = bytes.get(0) - 'a';
        assertEquals(5_000 + version, bytes.remaining());
        assertEquals(bytes.remaining(), found.facts().size());
        while (bytes.hasRemaining()) {
            assertEquals('a' + version, bytes.get());
        }
        return version;
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
