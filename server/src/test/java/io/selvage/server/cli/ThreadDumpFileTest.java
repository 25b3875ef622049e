package io.selvage.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class ThreadDumpFileTest {
    @TempDir
    private Path folder;

    private PidFile pid = new PidFile(Path.of(""));
    private ThreadDumpFile file = new ThreadDumpFile(Path.of(""));

    @BeforeEach
    void nameTheFiles() {
        pid = new PidFile(folder.resolve("selvage.pid"));
        file = ThreadDumpFile.beside(pid);
    }

    @Test
    void dumpIsWrittenOnlyIfAProcessWaits() throws Exception {
        assertFalse(file.write("dump\n"));
        assertFalse(Files.exists(file.path()));

        Files.createFile(file.path());
        assertTrue(file.write("dump\n"));
        assertTrue(Files.readString(file.path()).startsWith("dump\n"));
    }

    @Test
    void noOtherFileIsOverwritten() throws Exception {
        Files.writeString(file.path(), "precious");
        assertFalse(file.write("dump\n"));
        assertEquals("precious", Files.readString(file.path()));
        Files.delete(file.path());

        Path empty = Files.createFile(folder.resolve("empty"));
        Files.createSymbolicLink(file.path(), empty);
        assertFalse(file.write("dump\n"));
        assertEquals(0, Files.size(empty));
    }

    @Test
    void requestFailsWithoutAServer() throws Exception {
        assertTrue(reasonOf(pid).contains("selvage.pid"));
        Files.writeString(pid.path(), Long.MAX_VALUE + "\n");
        assertTrue(reasonOf(pid).contains("no server"));
        assertTrue(reasonOf(new PidFile(Path.of(""))).contains("no \"pid\""));
    }

    @Test
    void requestFailsWhileAnotherOneWaits() throws Exception {
        Files.writeString(pid.path(), ProcessHandle.current().pid() + "\n");
        Files.createFile(file.path());

        assertTrue(reasonOf(pid).contains("another dump is in progress"));
        assertTrue(Files.exists(file.path()));
    }

    private String reasonOf(PidFile server) {
        return String.valueOf(assertThrows(IOException.class, () -> file.request(server)).getMessage());
    }
}
