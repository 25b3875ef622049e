package io.selvage.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RoomTest {
    private static final FileCacheSettings STANDARD = FileCacheSettings.standard();
    private static final Duration SECOND = Duration.ofSeconds(1);

    @TempDir Path folder;

    @Test void bytesAreBounded() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxBytes(100_000));
        for (int i = 0; i < 50; i++) {
            fixture.write("file" + i, "x".repeat(10_000));
            fixture.look("file" + i);
            assertTrue(fixture.cache.counts().entries() * 10_000 <= 100_000, () -> "too much: " + fixture.cache.counts());
        }
        assertTrue(fixture.cache.counts().entries() >= 5, () -> "hardly anything is kept: " + fixture.cache.counts());
        assertEquals(50, fixture.cache.counts().entries() + fixture.cache.counts().evicted());
    }

    @Test void missingNamesAreBounded() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxBytes(100_000));
        for (int i = 0; i < 1000; i++) {
            assertEquals("missing", fixture.look("nothing" + i));
        }
        assertTrue(fixture.cache.counts().entries() < 100, () -> "too many: " + fixture.cache.counts());
    }

    @Test void missingNamesDoNotEvictAFileInUse() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxBytes(100_000));
        fixture.write("a", "x".repeat(20_000));
        for (int i = 0; i < 1000; i++) {
            fixture.look("nothing" + i);
            fixture.look("a");
        }
        assertEquals(1, fixture.cache.counts().read());
    }

    @Test void entriesAreBounded() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxEntries(10, SECOND));
        for (int i = 0; i < 50; i++) {
            fixture.look("nothing" + i);
        }
        assertTrue(fixture.cache.counts().entries() <= 10, () -> "too many: " + fixture.cache.counts());
    }

    @Test void fileLargerThanAQuarterOfTheRoomIsSentFromDisk() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxBytes(100_000));
        fixture.write("a", "x".repeat(25_001));
        assertTrue(fixture.look("a").startsWith("disk:"));
    }

    @Test void unusedNameExpires() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMaxEntries(1000, Duration.ofSeconds(20)));
        fixture.write("a", "one");
        fixture.look("a");
        fixture.look("nothing");
        fixture.pass(Duration.ofSeconds(3));                     // Caffeine's timer is a second coarse
        assertEquals(1, fixture.cache.counts().entries());
        fixture.look("a");
        fixture.pass(Duration.ofSeconds(19));
        assertEquals(1, fixture.cache.counts().entries());
        fixture.pass(Duration.ofSeconds(3));
        assertEquals(0, fixture.cache.counts().entries());
    }

    @Test void fileIsReadAtTheConfiguredUse() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withMinUses(3));
        fixture.write("a", "one");
        assertEquals("disk:one", fixture.look("a"));
        assertEquals("disk:one", fixture.look("a"));
        assertEquals("one", fixture.look("a"));
        assertEquals("one", fixture.look("a"));
        assertEquals(1, fixture.cache.counts().read());
    }

    @Test void missingIsNotRememberedWithErrorsOff() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD.withErrors(false));
        assertEquals("missing", fixture.look("a"));
        fixture.write("a", "one");
        assertEquals("one", fixture.look("a"));
    }

    @Test void missingNameIsQueriedOnceASecond() throws IOException {
        var fixture = new CacheFixture(folder, STANDARD);
        for (int tick = 0; tick < 10; tick++) {
            fixture.look("a");
        }
        assertEquals(1, fixture.cache.counts().asked());
    }

    @Test void nothingIsRememberedWithTheCacheOff() throws IOException {
        var fixture = new CacheFixture(folder, FileCacheSettings.off());
        fixture.write("a", "one");
        assertEquals("disk:one", fixture.look("a"));
        Files.delete(folder.resolve("a"));
        assertEquals("missing", fixture.look("a"));
        assertEquals(0, fixture.cache.counts().entries());
    }

    @Test void invalidSettingsAreRejected() {
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxEntries(0, SECOND));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxEntries(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withValid(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMinUses(0));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxFileSize(Integer.MAX_VALUE));
    }
}
