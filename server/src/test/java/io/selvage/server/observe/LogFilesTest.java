package io.selvage.server.observe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogFilesTest {
    @TempDir
    private Path folder;

    @Test
    void oneNameIsOneFile() {
        LogFiles logs = new LogFiles(Optional.empty());
        assertSame(logs.file(folder.resolve("a")), logs.file(folder.resolve("a")));
        logs.close();
    }

    @Test
    void fileUnusedByTwoConfigurationsIsClosed() throws Exception {
        LogFiles logs = new LogFiles(Optional.empty());
        Path kept = folder.resolve("kept");
        LogFile old = logs.file(folder.resolve("old"));
        LogFile same = logs.file(kept);
        logs.keepOnly(Set.of(kept));
        old.line("last words");
        logs.keepOnly(Set.of(kept));

        assertEquals(List.of("last words"), Files.readAllLines(folder.resolve("old")));
        assertSame(same, logs.file(kept));
        assertNotSame(old, logs.file(folder.resolve("old")));
        logs.close();
    }

    @Test
    void nameWithVariablesHasItsOwnFile() throws Exception {
        LogFiles logs = new LogFiles(Optional.empty());
        logs.varying(folder.resolve("one.log").toString(), "", LogFiles.Cache.OFF).orElseThrow().line("1");
        logs.varying(folder.resolve("two.log").toString(), "", LogFiles.Cache.OFF).orElseThrow().line("2");
        logs.varying(folder.resolve("one.log").toString(), "", LogFiles.Cache.OFF).orElseThrow().line("3");
        logs.close();
        assertEquals(List.of("1", "3"), Files.readAllLines(folder.resolve("one.log")));
        assertEquals(List.of("2"), Files.readAllLines(folder.resolve("two.log")));
    }

    @Test
    void invalidNameHasNoFile() {
        LogFiles logs = new LogFiles(Optional.empty());
        assertEquals(Optional.empty(), logs.varying("a\0b", "", LogFiles.Cache.OFF));
        logs.close();
    }

    @Test
    void numberOfOpenFilesIsLimited() {
        LogFiles logs = new LogFiles(Optional.empty());
        LogFile first = logs.varying(folder.resolve("first").toString(), "", LogFiles.Cache.OFF).orElseThrow();
        for (int i = 0; i < 64; i++) {
            logs.varying(folder.resolve("other" + i).toString(), "", LogFiles.Cache.OFF).orElseThrow();
        }
        assertNotSame(first, logs.varying(folder.resolve("first").toString(), "", LogFiles.Cache.OFF).orElseThrow());
        logs.close();
    }

    @Test
    void folderThatIsCheckedMustExist() throws Exception {
        LogFiles logs = new LogFiles(Optional.of(folder.resolve("error.log")));
        LogFile errors = logs.file(folder.resolve("error.log"));
        String root = Files.createDirectory(folder.resolve("root")).toString();
        logs.varying(folder.resolve("one.log").toString(), root, LogFiles.Cache.OFF).orElseThrow().line("1");
        LogFile two = logs.varying(folder.resolve("two.log").toString(), root + "less", LogFiles.Cache.OFF).orElseThrow();
        two.line("2");
        two.close();
        errors.await();
        logs.close();
        assertEquals(List.of("1"), Files.readAllLines(folder.resolve("one.log")));
        assertFalse(Files.exists(folder.resolve("two.log")));
        assertTrue(Files.readString(folder.resolve("error.log")).contains("there is no folder " + root + "less"));
    }

    @Test
    void fileThatIsNotKeptIsOpenedForEachLine() throws Exception {
        LogFiles logs = new LogFiles(Optional.empty());
        LogFile log = logs.varying(folder.resolve("a.log").toString(), "", LogFiles.Cache.OFF).orElseThrow();
        log.line("1");
        log.await();
        Files.move(folder.resolve("a.log"), folder.resolve("b.log"));
        log.line("2");
        logs.close();
        assertEquals(List.of("1"), Files.readAllLines(folder.resolve("b.log")));
        assertEquals(List.of("2"), Files.readAllLines(folder.resolve("a.log")));
    }

    @Test
    void keptFileIsWrittenUnderItsOldNameUntilItIsChecked() throws Exception {
        LogFiles logs = new LogFiles(Optional.empty());
        Duration hour = Duration.ofHours(1);
        LogFiles.Cache kept = new LogFiles.Cache(9, new LogFile.Keeping(hour, 1, hour));
        LogFiles.Cache checked = new LogFiles.Cache(9, new LogFile.Keeping(hour, 1, Duration.ZERO));
        for (LogFiles.Cache cache : List.of(kept, checked)) {
            LogFile log = logs.varying(folder.resolve("a.log").toString(), "", cache).orElseThrow();
            log.line("1");
            log.await();
            Files.move(folder.resolve("a.log"), folder.resolve("b.log"), StandardCopyOption.REPLACE_EXISTING);
            log.line("2");
            log.await();
            assertEquals(cache == kept ? List.of("1", "2") : List.of("1"), Files.readAllLines(folder.resolve("b.log")));
            assertEquals(cache == checked, Files.exists(folder.resolve("a.log")));
        }
        logs.close();
    }

    @Test
    void rarelyUsedFileIsNotKept() throws Exception {
        LogFiles logs = new LogFiles(Optional.empty());
        Duration hour = Duration.ofHours(1);
        LogFiles.Cache cache = new LogFiles.Cache(9, new LogFile.Keeping(hour, 2, hour));
        LogFile log = logs.varying(folder.resolve("a.log").toString(), "", cache).orElseThrow();
        log.line("1");
        log.await();
        Files.move(folder.resolve("a.log"), folder.resolve("b.log"));
        log.line("2");
        log.await();
        Files.move(folder.resolve("a.log"), folder.resolve("c.log"));
        log.line("3");
        logs.close();
        assertEquals(List.of("1"), Files.readAllLines(folder.resolve("b.log")));
        assertEquals(List.of("2", "3"), Files.readAllLines(folder.resolve("c.log")));
    }

    @Test
    void linesThatAreWrittenTogetherCountEach() throws Exception {
        LogFiles logs = new LogFiles(Optional.empty());
        Duration hour = Duration.ofHours(1);
        LogFiles.Cache cache = new LogFiles.Cache(9, new LogFile.Keeping(hour, 2, hour));
        LogFile log = logs.varying(folder.resolve("a.log").toString(), "", cache).orElseThrow();
        log.buffering(new LogFile.Buffering(1000, hour));
        log.line("1");
        log.line("2");
        log.await();
        Files.move(folder.resolve("a.log"), folder.resolve("b.log"));
        log.line("3");
        logs.close();
        assertEquals(List.of("1", "2", "3"), Files.readAllLines(folder.resolve("b.log")));
    }
}
