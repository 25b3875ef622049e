package io.selvage.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Files too long for memory: here longer than four bytes, and at most two of them open.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenFilesTest {
    private static final FileCacheSettings SHORT = FileCacheSettings.standard().withMaxFileSize(4);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path folder;
    private final OpenFiles open = new OpenFiles(2);
    private CacheFixture fixture;

    @BeforeEach void setUp() {
        fixture = fixture(SHORT);
    }

    private CacheFixture fixture(FileCacheSettings settings) {
        return new CacheFixture(folder, settings, Runnable::run, open);
    }

    private FileLookup.Open open(String name) {
        return assertInstanceOf(FileLookup.Open.class, fixture.find(name));
    }

    @Test void longFileIsOpenedOnceAndCheckedEverySecond() throws IOException {
        fixture.write("a", "one long");
        SharedFile file = open("a").file();
        for (int tick = 0; tick < 100; tick++) {
            fixture.pass(Duration.ofMillis(100));
            assertSame(file, open("a").file());
        }
        assertEquals(2 + 10, fixture.cache.counts().asked());         // before and after reading, then each second
        assertEquals("open:one long", fixture.look("a"));
        assertEquals(1, open.count());
    }

    @Test void firstBytesOfALongFileAreInMemory() throws IOException {
        String text = "0123456789abcdef".repeat(2_000);
        fixture.write("a", text);
        ByteBuffer start = open("a").start();
        assertTrue(start.isDirect() && start.isReadOnly());
        assertEquals(16 << 10, start.remaining());
        assertEquals("open:" + text, fixture.look("a"));
    }

    @Test void replacedFileIsClosedByItsLastSender() throws IOException {
        fixture.write("a", "one long");
        SharedFile old = open("a").file();
        assertTrue(old.use());
        assertTrue(old.use());
        fixture.replace("a", "two long");
        fixture.pass(SECOND);
        assertEquals("open:two long", fixture.look("a"));
        assertEquals(2, open.count());
        assertTrue(old.use());
        old.done();
        old.done();
        assertEquals(8, old.channel().read(ByteBuffer.allocate(9), 0));
        old.done();
        assertFalse(old.channel().isOpen());
        assertFalse(old.use());
        assertEquals(1, open.count());
    }

    @Test void fileChangedInPlaceIsReopened() throws IOException {
        fixture.write("a", "one long");
        FileChannel old = open("a").file().channel();
        fixture.write("a", "two longer");
        fixture.pass(SECOND);
        assertEquals("open:two longer", fixture.look("a"));
        assertFalse(old.isOpen());
    }

    @Test void deletedOrShortenedFileIsClosed() throws IOException {
        fixture.write("a", "one long");
        fixture.write("b", "one long");
        fixture.look("a");
        fixture.look("b");
        Files.delete(folder.resolve("a"));
        fixture.write("b", "two");
        fixture.pass(SECOND);
        assertEquals("missing", fixture.look("a"));
        assertEquals("two", fixture.look("b"));
        assertEquals(0, open.count());
    }

    @Test void unusedFileIsClosed() throws IOException {
        fixture = fixture(SHORT.withMaxEntries(1000, Duration.ofSeconds(20)));
        fixture.write("a", "one long");
        SharedFile file = open("a").file();
        fixture.pass(Duration.ofSeconds(23));
        assertEquals(0, fixture.cache.counts().entries());
        assertFalse(file.channel().isOpen());
        assertEquals("open:one long", fixture.look("a"));
        assertEquals(1, open.count());
    }

    @Test void forgottenFileIsClosed() throws IOException {
        fixture.write("a", "one long");
        SharedFile file = open("a").file();
        fixture.cache.forget(fixture.name("a"));
        assertFalse(file.channel().isOpen());
        assertEquals(0, open.count());
    }

    @Test void evictedFileIsClosed() throws IOException {
        fixture = fixture(SHORT.withMaxEntries(1, SECOND));
        for (int i = 0; i < 10; i++) {
            fixture.write("f" + i, "one long");
            fixture.look("f" + i);
            fixture.cache.counts();
            assertTrue(open.count() <= 1, () -> open.count() + " are open");
        }
    }

    @Test void fileBeyondTheLimitIsOpenedByItsSender() throws IOException {
        for (String name : new String[] {"a", "b", "c"}) {
            fixture.write(name, "one long");
        }
        fixture.look("a");
        fixture.look("b");
        assertEquals("disk:one long", fixture.look("c"));
        fixture.cache.forget(fixture.name("a"));
        fixture.pass(SECOND);
        assertEquals("open:one long", fixture.look("c"));
        assertEquals(2, open.count());
    }

    @Test void fileIsKeptOpenFromTheConfiguredUse() throws IOException {
        fixture = fixture(SHORT.withMinUses(3));
        fixture.write("a", "one long");
        assertEquals("disk:one long", fixture.look("a"));
        assertEquals("disk:one long", fixture.look("a"));
        assertEquals("open:one long", fixture.look("a"));
    }

    @Test void nothingIsKeptOpenWithTheCacheOff() throws IOException {
        fixture = fixture(FileCacheSettings.off());
        fixture.write("a", "one long");
        assertEquals("disk:one long", fixture.look("a"));
        assertEquals(0, open.count());
    }

    /// An interrupt addresses one thread and closes the channel for all.
    @Test void channelClosedByAnInterruptIsReplaced() throws IOException {
        fixture.write("a", "one long");
        FileChannel channel = open("a").file().channel();
        Thread.currentThread().interrupt();
        assertThrows(ClosedByInterruptException.class, () -> channel.read(ByteBuffer.allocate(1), 0));
        assertTrue(Thread.interrupted());
        assertEquals("open:one long", fixture.look("a"));
        assertEquals(1, open.count());
    }

    /// Each version of a file repeats one letter and is renamed into place, so its first bytes and its rest are of one version.
    @Test void filesReplacedContinuouslyAreSentComplete() throws Exception {
        for (int file = 0; file < 4; file++) {
            fixture.write("f" + file, version(0));
        }
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var senders = new ArrayList<Future<Integer>>();
            for (int sender = 0; sender < 8; sender++) {
                var random = new SplittableRandom(sender);
                senders.add(threads.submit((Callable<Integer>) () -> {
                    int sent = 0;
                    do {
                        if (fixture.find("f" + random.nextInt(4)) instanceof FileLookup.Open found && found.file().use()) {
                            try {
                                assertComplete(found);
                            } finally {
                                found.file().done();
                            }
                            sent++;
                        }
                    } while (!done.get());
                    return sent;
                }));
            }
            for (int version = 1; version < 26; version++) {
                for (int file = 0; file < 4; file++) {
                    fixture.replace("f" + file, version(version));
                }
                fixture.pass(SECOND);
            }
            done.set(true);
            for (var sender : senders) {
                sender.get();
            }
        }
        for (int file = 0; file < 4; file++) {
            fixture.cache.forget(fixture.name("f" + file));
        }
        assertEquals(0, open.count());
    }

    private static String version(int number) {
        return Character.toString('a' + number).repeat(20_000 + number);
    }

    private static void assertComplete(FileLookup.Open found) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(30_000).put(found.start().duplicate());
        found.file().channel().read(bytes, bytes.position());
        bytes.flip();
        int version = bytes.get(0) - 'a';
        assertEquals(20_000 + version, bytes.remaining());
        assertEquals(bytes.remaining(), found.facts().size());
        while (bytes.hasRemaining()) {
            assertEquals('a' + version, bytes.get());
        }
    }
}
