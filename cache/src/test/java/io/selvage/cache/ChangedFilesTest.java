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
    CacheFixture fixture;

    @BeforeEach void standard() {
        fixture = new CacheFixture(folder, FileCacheSettings.standard());
    }

    /// Looks the file up one nanosecond before the end of the second, and at its end.
    private void assertChangesAfterOneSecond(String name, String before, String after) throws IOException {
        assertEquals(before, fixture.look(name));
        fixture.pass(ALMOST);
        assertEquals(before, fixture.look(name));
        fixture.pass(REST);
        assertEquals(after, fixture.look(name));
    }

    @Test void rewrittenFileIsSeen() throws IOException {
        fixture.write("a", "one");
        fixture.look("a");
        fixture.write("a", "other");
        assertChangesAfterOneSecond("a", "one", "other");
    }

    @Test void rewrittenFileOfTheSameSizeAndTimeIsSeen() throws IOException {
        Path file = fixture.write("a", "one");
        fixture.look("a");
        FileTime modified = Files.getLastModifiedTime(file);
        fixture.write("a", "two");
        Files.setLastModifiedTime(file, modified);
        assertChangesAfterOneSecond("a", "one", "two");
    }

    @Test void fileRenamedOverTheOldOneIsSeen() throws IOException {
        fixture.write("a", "one");
        fixture.look("a");
        fixture.replace("a", "two");
        assertChangesAfterOneSecond("a", "one", "two");
    }

    @Test void truncatedFileIsSeen() throws IOException {
        Path file = fixture.write("a", "one two");
        fixture.look("a");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(3);
        }
        assertChangesAfterOneSecond("a", "one two", "one");
    }

    @Test void deletedFileIsMissing() throws IOException {
        Path file = fixture.write("a", "one");
        fixture.look("a");
        Files.delete(file);
        assertChangesAfterOneSecond("a", "one", "missing");
    }

    @Test void fileReplacedByADirectoryIsSeen() throws IOException {
        Path file = fixture.write("a", "one");
        fixture.look("a");
        Files.delete(file);
        Files.createDirectory(file);
        assertChangesAfterOneSecond("a", "one", "directory");
    }

    @Test void createdFileIsSeen() throws IOException {
        assertEquals("missing", fixture.look("a"));
        fixture.write("a", "one");
        assertChangesAfterOneSecond("a", "missing", "one");
    }

    @Test void createdFileIsSeenWithALongValidTime() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard().withValid(Duration.ofHours(1)));
        assertEquals("missing", fixture.look("a"));
        fixture.write("a", "one");
        assertChangesAfterOneSecond("a", "missing", "one");
    }

    @Test void retargetedLinkIsSeen() throws IOException {
        fixture.write("one", "one");
        fixture.write("two", "two");
        Path link = Files.createSymbolicLink(folder.resolve("a"), Path.of("one"));
        fixture.look("a");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("two"));
        assertChangesAfterOneSecond("a", "one", "two");
    }

    @Test void changedFileSentFromDiskIsSeen() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard().withMaxFileSize(4));
        fixture.write("a", "one long");
        assertChangesAfterOneSecond("a", "disk:one long", "disk:one long");
        fixture.write("a", "one longer");
        assertChangesAfterOneSecond("a", "disk:another", "disk:one longer");
    }

    @Test void fileThatGrowsPastTheLimitAndShrinksIsSeen() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard().withMaxFileSize(4));
        fixture.write("a", "one");
        fixture.look("a");
        fixture.write("a", "one long");
        assertChangesAfterOneSecond("a", "one", "disk:one long");
        fixture.write("a", "two");
        assertChangesAfterOneSecond("a", "disk:another", "two");
    }

    @Test void forgetMakesTheNextLookupQueryTheDisk() throws IOException {
        fixture.write("a", "one");
        fixture.look("a");
        fixture.write("a", "two");
        fixture.cache.forget(fixture.name("a"));
        assertEquals("two", fixture.look("a"));
    }

    @Test void unchangedFileIsCheckedEverySecondAndReadOnce() throws IOException {
        fixture.write("a", "one");
        FileLookup first = fixture.find("a");
        for (int tick = 0; tick < 100; tick++) {
            fixture.pass(Duration.ofMillis(100));
            assertSame(((FileLookup.Ready) first).ready(), ((FileLookup.Ready) fixture.find("a")).ready());
        }
        assertEquals(1, fixture.cache.counts().read());
        assertEquals(2 + 10, fixture.cache.counts().asked());         // before and after reading, then each second
    }

    /// Such a file may change again within one tick of the file system's clock, without a visible difference.
    @Test void fileReadSoonAfterAChangeIsReadAgainUntilItHasSettled() throws IOException {
        fixture.wall = ((FileTime) Files.getAttribute(fixture.write("a", "one"), "unix:ctime")).toInstant();
        fixture.look("a");
        fixture.pass(Duration.ofSeconds(1));
        fixture.look("a");
        assertEquals(2, fixture.cache.counts().read());
        fixture.wall = fixture.wall.plusSeconds(3);
        for (int second = 0; second < 5; second++) {
            fixture.pass(Duration.ofSeconds(1));
            fixture.look("a");
        }
        assertEquals(3, fixture.cache.counts().read());
    }

    /// The executor changes the file between the query of its attributes and the read.
    @Test void fileThatChangesDuringTheReadIsReadAgain() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard(), reading -> {
            try {
                fixture.write("a", "two!");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            reading.run();
        });
        fixture.write("a", "one");
        FileLookup.Ready found = (FileLookup.Ready) fixture.find("a");
        assertEquals(4, found.facts().size());
        assertEquals("two!", fixture.look("a"));
    }

    @Test void fileDeletedBeforeTheReadIsMissing() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard(), reading -> {
            folder.resolve("a").toFile().delete();
            reading.run();
        });
        fixture.write("a", "one");
        assertEquals("missing", fixture.look("a"));
    }

    @Test void fileThatGrowsPastTheLimitBeforeTheReadIsSentFromDisk() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard().withMaxFileSize(4), reading -> {
            try {
                fixture.write("a", "one long");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            reading.run();
        });
        fixture.write("a", "one");
        assertEquals("disk:one long", fixture.look("a"));
    }
}
