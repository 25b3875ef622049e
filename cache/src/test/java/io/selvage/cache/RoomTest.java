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
        var desk = new Desk(folder, STANDARD.withMaxBytes(100_000));
        for (int i = 0; i < 50; i++) {
            desk.write("file" + i, "x".repeat(10_000));
            desk.look("file" + i);
            assertTrue(desk.cache.counts().entries() * 10_000 <= 100_000, () -> "too much: " + desk.cache.counts());
        }
        assertTrue(desk.cache.counts().entries() >= 5, () -> "hardly anything is kept: " + desk.cache.counts());
        assertEquals(50, desk.cache.counts().entries() + desk.cache.counts().evicted());
    }

    @Test void namesOfNothingAreBoundedAsWell() throws IOException {
        var desk = new Desk(folder, STANDARD.withMaxBytes(100_000));
        for (int i = 0; i < 1000; i++) {
            assertEquals("missing", desk.look("nothing" + i));
        }
        assertTrue(desk.cache.counts().entries() < 100, () -> "too many: " + desk.cache.counts());
    }

    @Test void aFileInUseIsNotPushedOutByNamesOfNothing() throws IOException {
        var desk = new Desk(folder, STANDARD.withMaxBytes(100_000));
        desk.write("a", "x".repeat(20_000));
        for (int i = 0; i < 1000; i++) {
            desk.look("nothing" + i);
            desk.look("a");
        }
        assertEquals(1, desk.cache.counts().read());
    }

    @Test void namesAreBounded() throws IOException {
        var desk = new Desk(folder, STANDARD.withMaxEntries(10, SECOND));
        for (int i = 0; i < 50; i++) {
            desk.look("nothing" + i);
        }
        assertTrue(desk.cache.counts().entries() <= 10, () -> "too many: " + desk.cache.counts());
    }

    @Test void oneFileMayNotTakeMoreThanAQuarter() throws IOException {
        var desk = new Desk(folder, STANDARD.withMaxBytes(100_000));
        desk.write("a", "x".repeat(25_001));
        assertTrue(desk.look("a").startsWith("disk:"));
    }

    @Test void aNameNotAskedForIsForgotten() throws IOException {
        var desk = new Desk(folder, STANDARD.withMaxEntries(1000, Duration.ofSeconds(20)));
        desk.write("a", "one");
        desk.look("a");
        desk.look("nothing");
        desk.pass(Duration.ofSeconds(3));                     // Caffeine's timer is a second coarse
        assertEquals(1, desk.cache.counts().entries());
        desk.look("a");
        desk.pass(Duration.ofSeconds(19));
        assertEquals(1, desk.cache.counts().entries());
        desk.pass(Duration.ofSeconds(3));
        assertEquals(0, desk.cache.counts().entries());
    }

    @Test void bytesAreReadAtTheUseThatIsConfigured() throws IOException {
        var desk = new Desk(folder, STANDARD.withMinUses(3));
        desk.write("a", "one");
        assertEquals("disk:one", desk.look("a"));
        assertEquals("disk:one", desk.look("a"));
        assertEquals("one", desk.look("a"));
        assertEquals("one", desk.look("a"));
        assertEquals(1, desk.cache.counts().read());
    }

    @Test void aNoIsNotRememberedWhenErrorsAreOff() throws IOException {
        var desk = new Desk(folder, STANDARD.withErrors(false));
        assertEquals("missing", desk.look("a"));
        desk.write("a", "one");
        assertEquals("one", desk.look("a"));
    }

    @Test void aNoIsAskedForOnceASecond() throws IOException {
        var desk = new Desk(folder, STANDARD);
        for (int tick = 0; tick < 10; tick++) {
            desk.look("a");
        }
        assertEquals(1, desk.cache.counts().asked());
    }

    @Test void nothingIsRememberedWhenOff() throws IOException {
        var desk = new Desk(folder, FileCacheSettings.off());
        desk.write("a", "one");
        assertEquals("disk:one", desk.look("a"));
        Files.delete(folder.resolve("a"));
        assertEquals("missing", desk.look("a"));
        assertEquals(0, desk.cache.counts().entries());
    }

    @Test void settingsThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxEntries(0, SECOND));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxEntries(1, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withValid(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMinUses(0));
        assertThrows(IllegalArgumentException.class, () -> STANDARD.withMaxFileSize(Integer.MAX_VALUE));
    }
}
