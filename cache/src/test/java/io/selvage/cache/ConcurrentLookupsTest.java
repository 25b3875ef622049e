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

/// The timeout turns a thread that waits endlessly into a failure; nothing else depends on it.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConcurrentLookupsTest {
    @TempDir Path folder;

    @Test void oneThreadReadsAndTheOthersWait() throws Exception {
        var firstReads = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var fixture = new CacheFixture(folder, FileCacheSettings.standard(), reading -> {
            firstReads.countDown();
            waitFor(go);
            reading.run();
        });
        fixture.write("a", "one");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<String>>();
            answers.add(threads.submit(() -> fixture.look("a")));
            firstReads.await();
            for (int i = 0; i < 100; i++) {
                answers.add(threads.submit(() -> fixture.look("a")));
            }
            go.countDown();
            for (var answer : answers) {
                assertEquals("one", answer.get());
            }
        }
        assertEquals(1, fixture.cache.counts().read());
        assertEquals(2, fixture.cache.counts().asked());
    }

    @Test void lookupDuringARereadWaitsForTheNewBytes() throws Exception {
        var isSecond = new AtomicBoolean();
        var firstReads = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var fixture = new CacheFixture(folder, FileCacheSettings.standard(), reading -> {
            if (isSecond.get()) {
                firstReads.countDown();
                waitFor(go);
            }
            reading.run();
        });
        fixture.write("a", "one");
        fixture.look("a");
        isSecond.set(true);
        fixture.write("a", "other");
        fixture.pass(Duration.ofSeconds(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> fixture.look("a"));
            firstReads.await();
            var second = threads.submit(() -> fixture.look("a"));
            go.countDown();
            assertEquals("other", first.get());
            assertEquals("other", second.get());
        }
    }

    @Test void rejectedReadEndsTheLookup() throws IOException {
        var refuse = new AtomicBoolean(true);
        var fixture = new CacheFixture(folder, FileCacheSettings.standard(), reading -> {
            if (refuse.get()) {
                throw new RejectedExecutionException("full");
            }
            reading.run();
        });
        fixture.write("a", "one");
        assertEquals("broken", fixture.look("a"));
        refuse.set(false);
        assertEquals("one", fixture.look("a"));
    }

    @Test void lookupAfterAFailedOneDoesNotWait() {
        var fixture = new CacheFixture(folder, FileCacheSettings.standard());
        var mistake = new FileName("/\u20ac");
        assertThrows(IllegalArgumentException.class, () -> fixture.cache.find(mistake));
        assertThrows(IllegalArgumentException.class, () -> fixture.cache.find(mistake));
        assertEquals(0, fixture.cache.counts().entries());
    }

    /// Each version of a file repeats one letter. No reader may see two letters, a length that differs from the metadata, or a
    /// version older than one that it has seen. A file that is replaced three times during one read is left on disk; the test
    /// skips such an answer.
    @Test void filesReplacedContinuouslyAreAlwaysSeenComplete() throws Exception {
        var fixture = new CacheFixture(folder, FileCacheSettings.standard().withMaxBytes(60_000));
        for (int file = 0; file < 4; file++) {
            fixture.write("f" + file, version(0));
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
                        FileLookup found = fixture.find("f" + file);
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
                    fixture.replace("f" + file, version(version));
                }
                fixture.pass(Duration.ofSeconds(1));
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
