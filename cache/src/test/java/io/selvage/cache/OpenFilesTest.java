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

/// Files too long for memory, here longer than four bytes, of which two may be open.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenFilesTest {
    private static final FileCacheSettings SHORT = FileCacheSettings.standard().withMaxFileSize(4);
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path folder;
    private final OpenFiles open = new OpenFiles(2);
    private Desk desk;

    @BeforeEach void sit() {
        desk = desk(SHORT);
    }

    private Desk desk(FileCacheSettings settings) {
        return new Desk(folder, settings, Runnable::run, open);
    }

    private FileLookup.Open open(String name) {
        return assertInstanceOf(FileLookup.Open.class, desk.find(name));
    }

    @Test void aLongFileIsOpenedOnceAndAskedForOnceASecond() throws IOException {
        desk.write("a", "one long");
        SharedFile file = open("a").file();
        for (int tick = 0; tick < 100; tick++) {
            desk.pass(Duration.ofMillis(100));
            assertSame(file, open("a").file());
        }
        assertEquals(2 + 10, desk.cache.counts().asked());         // before and after reading, then each second
        assertEquals("open:one long", desk.look("a"));
        assertEquals(1, open.count());
    }

    @Test void itsBeginningIsInMemory() throws IOException {
        String text = "0123456789abcdef".repeat(2_000);
        desk.write("a", text);
        ByteBuffer start = open("a").start();
        assertTrue(start.isDirect() && start.isReadOnly());
        assertEquals(16 << 10, start.remaining());
        assertEquals("open:" + text, desk.look("a"));
    }

    @Test void aReplacedFileIsClosedWhenTheLastWhoSendItAreDone() throws IOException {
        desk.write("a", "one long");
        SharedFile old = open("a").file();
        assertTrue(old.use());
        assertTrue(old.use());
        desk.replace("a", "two long");
        desk.pass(SECOND);
        assertEquals("open:two long", desk.look("a"));
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

    @Test void aFileChangedInPlaceIsOpenedAnew() throws IOException {
        desk.write("a", "one long");
        FileChannel old = open("a").file().channel();
        desk.write("a", "two longer");
        desk.pass(SECOND);
        assertEquals("open:two longer", desk.look("a"));
        assertFalse(old.isOpen());
    }

    @Test void aFileThatIsGoneOrShortIsClosed() throws IOException {
        desk.write("a", "one long");
        desk.write("b", "one long");
        desk.look("a");
        desk.look("b");
        Files.delete(folder.resolve("a"));
        desk.write("b", "two");
        desk.pass(SECOND);
        assertEquals("missing", desk.look("a"));
        assertEquals("two", desk.look("b"));
        assertEquals(0, open.count());
    }

    @Test void whatNobodyAsksForIsClosed() throws IOException {
        desk = desk(SHORT.withMaxEntries(1000, Duration.ofSeconds(20)));
        desk.write("a", "one long");
        SharedFile file = open("a").file();
        desk.pass(Duration.ofSeconds(23));
        assertEquals(0, desk.cache.counts().entries());
        assertFalse(file.channel().isOpen());
        assertEquals("open:one long", desk.look("a"));
        assertEquals(1, open.count());
    }

    @Test void whatIsForgottenIsClosed() throws IOException {
        desk.write("a", "one long");
        SharedFile file = open("a").file();
        desk.cache.forget(desk.name("a"));
        assertFalse(file.channel().isOpen());
        assertEquals(0, open.count());
    }

    @Test void whatIsPushedOutIsClosed() throws IOException {
        desk = desk(SHORT.withMaxEntries(1, SECOND));
        for (int i = 0; i < 10; i++) {
            desk.write("f" + i, "one long");
            desk.look("f" + i);
            desk.cache.counts();
            assertTrue(open.count() <= 1, () -> open.count() + " are open");
        }
    }

    @Test void oneTooManyIsOpenedByWhoeverSendsItUntilThereIsAPlace() throws IOException {
        for (String name : new String[] {"a", "b", "c"}) {
            desk.write(name, "one long");
        }
        desk.look("a");
        desk.look("b");
        assertEquals("disk:one long", desk.look("c"));
        desk.cache.forget(desk.name("a"));
        desk.pass(SECOND);
        assertEquals("open:one long", desk.look("c"));
        assertEquals(2, open.count());
    }

    @Test void filesAreKeptOpenFromTheUseThatIsConfigured() throws IOException {
        desk = desk(SHORT.withMinUses(3));
        desk.write("a", "one long");
        assertEquals("disk:one long", desk.look("a"));
        assertEquals("disk:one long", desk.look("a"));
        assertEquals("open:one long", desk.look("a"));
    }

    @Test void nothingIsKeptOpenWhenOff() throws IOException {
        desk = desk(FileCacheSettings.off());
        desk.write("a", "one long");
        assertEquals("disk:one long", desk.look("a"));
        assertEquals(0, open.count());
    }

    /// An interrupt is for one thread, and closes the channel for all.
    @Test void aChannelThatAnInterruptHasClosedIsReplaced() throws IOException {
        desk.write("a", "one long");
        FileChannel channel = open("a").file().channel();
        Thread.currentThread().interrupt();
        assertThrows(ClosedByInterruptException.class, () -> channel.read(ByteBuffer.allocate(1), 0));
        assertTrue(Thread.interrupted());
        assertEquals("open:one long", desk.look("a"));
        assertEquals(1, open.count());
    }

    /// Every version of a file is one letter over and over, and is renamed into place: then beginning and rest are of one.
    @Test void filesThatAreReplacedAllTheTimeAreOpenAndWholeForThoseWhoSendThem() throws Exception {
        for (int file = 0; file < 4; file++) {
            desk.write("f" + file, version(0));
        }
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var senders = new ArrayList<Future<Integer>>();
            for (int sender = 0; sender < 8; sender++) {
                var random = new SplittableRandom(sender);
                senders.add(threads.submit((Callable<Integer>) () -> {
                    int sent = 0;
                    do {
                        if (desk.find("f" + random.nextInt(4)) instanceof FileLookup.Open found && found.file().use()) {
                            try {
                                checkWhole(found);
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
                    desk.replace("f" + file, version(version));
                }
                desk.pass(SECOND);
            }
            done.set(true);
            for (var sender : senders) {
                sender.get();
            }
        }
        for (int file = 0; file < 4; file++) {
            desk.cache.forget(desk.name("f" + file));
        }
        assertEquals(0, open.count());
    }

    private static String version(int number) {
        return Character.toString('a' + number).repeat(20_000 + number);
    }

    private static void checkWhole(FileLookup.Open found) throws IOException {
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
