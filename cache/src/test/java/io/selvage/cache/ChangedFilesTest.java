package io.selvage.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class ChangedFilesTest {
    private static final Duration ALMOST = Duration.ofNanos(999_999_999);
    private static final Duration REST = Duration.ofNanos(1);

    @TempDir Path folder;
    Desk desk;

    @BeforeEach void standard() {
        desk = new Desk(folder, FileCacheSettings.standard());
    }

    /// Looks until just before the second is over, and then once more.
    private void becomesWithinASecond(String name, String before, String after) throws IOException {
        assertEquals(before, desk.look(name));
        desk.pass(ALMOST);
        assertEquals(before, desk.look(name));
        desk.pass(REST);
        assertEquals(after, desk.look(name));
    }

    @Test void aRewrittenFile() throws IOException {
        desk.write("a", "one");
        desk.look("a");
        desk.write("a", "other");
        becomesWithinASecond("a", "one", "other");
    }

    @Test void aRewrittenFileOfTheSameSizeAndTime() throws IOException {
        Path file = desk.write("a", "one");
        desk.look("a");
        FileTime modified = Files.getLastModifiedTime(file);
        desk.write("a", "two");
        Files.setLastModifiedTime(file, modified);
        becomesWithinASecond("a", "one", "two");
    }

    @Test void aFileRenamedOverIt() throws IOException {
        desk.write("a", "one");
        desk.look("a");
        desk.replace("a", "two");
        becomesWithinASecond("a", "one", "two");
    }

    @Test void aTruncatedFile() throws IOException {
        Path file = desk.write("a", "one two");
        desk.look("a");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(3);
        }
        becomesWithinASecond("a", "one two", "one");
    }

    @Test void aDeletedFile() throws IOException {
        Path file = desk.write("a", "one");
        desk.look("a");
        Files.delete(file);
        becomesWithinASecond("a", "one", "missing");
    }

    @Test void aFileThatBecameADirectory() throws IOException {
        Path file = desk.write("a", "one");
        desk.look("a");
        Files.delete(file);
        Files.createDirectory(file);
        becomesWithinASecond("a", "one", "directory");
    }

    @Test void aCreatedFile() throws IOException {
        assertEquals("missing", desk.look("a"));
        desk.write("a", "one");
        becomesWithinASecond("a", "missing", "one");
    }

    @Test void aCreatedFileAlsoWhenAnswersAreTrustedForLonger() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard().withValid(Duration.ofHours(1)));
        assertEquals("missing", desk.look("a"));
        desk.write("a", "one");
        becomesWithinASecond("a", "missing", "one");
    }

    @Test void aLinkPointedElsewhere() throws IOException {
        desk.write("one", "one");
        desk.write("two", "two");
        Path link = Files.createSymbolicLink(folder.resolve("a"), Path.of("one"));
        desk.look("a");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("two"));
        becomesWithinASecond("a", "one", "two");
    }

    @Test void aFileSentFromDisk() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard().withMaxFileSize(4));
        desk.write("a", "one long");
        becomesWithinASecond("a", "disk:one long", "disk:one long");
        desk.write("a", "one longer");
        becomesWithinASecond("a", "disk:another", "disk:one longer");
    }

    @Test void aFileThatGrewPastTheLimitAndShrankAgain() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard().withMaxFileSize(4));
        desk.write("a", "one");
        desk.look("a");
        desk.write("a", "one long");
        becomesWithinASecond("a", "one", "disk:one long");
        desk.write("a", "two");
        becomesWithinASecond("a", "disk:another", "two");
    }

    @Test void forgettingANameAsksAtOnce() throws IOException {
        desk.write("a", "one");
        desk.look("a");
        desk.write("a", "two");
        desk.cache.forget(desk.name("a"));
        assertEquals("two", desk.look("a"));
    }

    @Test void anUnchangedFileIsAskedForOnceASecondAndReadOnce() throws IOException {
        desk.write("a", "one");
        FileLookup first = desk.find("a");
        for (int tick = 0; tick < 100; tick++) {
            desk.pass(Duration.ofMillis(100));
            assertSame(((FileLookup.Ready) first).ready(), ((FileLookup.Ready) desk.find("a")).ready());
        }
        assertEquals(1, desk.cache.counts().read());
        assertEquals(2 + 10, desk.cache.counts().asked());         // before and after reading, then each second
    }

    /// Such a file may change again within one tick of the file system's clock and look the same.
    @Test void aFileReadJustAfterItChangedIsReadAgainUntilItHasSettled() throws IOException {
        desk.wall = ((FileTime) Files.getAttribute(desk.write("a", "one"), "unix:ctime")).toInstant();
        desk.look("a");
        desk.pass(Duration.ofSeconds(1));
        desk.look("a");
        assertEquals(2, desk.cache.counts().read());
        desk.wall = desk.wall.plusSeconds(3);
        for (int second = 0; second < 5; second++) {
            desk.pass(Duration.ofSeconds(1));
            desk.look("a");
        }
        assertEquals(3, desk.cache.counts().read());
    }

    /// The executor stands for whoever writes between the look at the file and the reading of it.
    @Test void aFileThatChangesWhileItIsReadIsReadAgain() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard(), reading -> {
            try {
                desk.write("a", "two!");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            reading.run();
        });
        desk.write("a", "one");
        FileLookup.Ready found = (FileLookup.Ready) desk.find("a");
        assertEquals(4, found.facts().size());
        assertEquals("two!", desk.look("a"));
    }

    @Test void aFileThatVanishesBeforeItIsReadIsMissing() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard(), reading -> {
            folder.resolve("a").toFile().delete();
            reading.run();
        });
        desk.write("a", "one");
        assertEquals("missing", desk.look("a"));
    }

    @Test void aFileThatGrowsPastTheLimitBeforeItIsReadStaysOnDisk() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard().withMaxFileSize(4), reading -> {
            try {
                desk.write("a", "one long");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            reading.run();
        });
        desk.write("a", "one");
        assertEquals("disk:one long", desk.look("a"));
    }
}
