package io.selvage.server.observe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

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
        logs.varying(folder.resolve("one.log").toString()).orElseThrow().line("1");
        logs.varying(folder.resolve("two.log").toString()).orElseThrow().line("2");
        logs.varying(folder.resolve("one.log").toString()).orElseThrow().line("3");
        logs.close();
        assertEquals(List.of("1", "3"), Files.readAllLines(folder.resolve("one.log")));
        assertEquals(List.of("2"), Files.readAllLines(folder.resolve("two.log")));
    }

    @Test
    void invalidNameHasNoFile() {
        LogFiles logs = new LogFiles(Optional.empty());
        assertEquals(Optional.empty(), logs.varying("a\0b"));
        logs.close();
    }

    @Test
    void numberOfOpenFilesIsLimited() {
        LogFiles logs = new LogFiles(Optional.empty());
        LogFile first = logs.varying(folder.resolve("first").toString()).orElseThrow();
        for (int i = 0; i < 64; i++) {
            logs.varying(folder.resolve("other" + i).toString()).orElseThrow();
        }
        assertNotSame(first, logs.varying(folder.resolve("first").toString()).orElseThrow());
        logs.close();
    }
}
