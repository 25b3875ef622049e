package io.selvage.cache;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class KindsOfFilesTest {
    @TempDir Path folder;
    Desk desk;

    @BeforeEach void standard() {
        desk = new Desk(folder, FileCacheSettings.standard());
    }

    @Test void factsAreAsNginxWritesThem() throws IOException {
        Path file = desk.write("a", "0123456789");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37.999Z")));
        FileMetadata facts = assertInstanceOf(FileLookup.Ready.class, desk.find("a")).facts();
        assertEquals("\"2ebc98a1-a\"", facts.etag());
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", facts.lastModified());
        assertEquals(784_111_777, facts.modifiedSeconds());
        assertEquals(10, facts.size());
    }

    @Test void theBytesAreOffTheHeapAndNobodyCanChangeThem() throws IOException {
        desk.write("a", "one");
        ByteBuffer ready = assertInstanceOf(FileLookup.Ready.class, desk.find("a")).ready();
        assertTrue(ready.isDirect());
        assertEquals(0, ready.position());
        assertThrows(ReadOnlyBufferException.class, () -> ready.put(0, (byte) 'x'));
    }

    @Test void anEmptyFile() throws IOException {
        desk.write("a", "");
        assertEquals("", desk.look("a"));
    }

    @Test void aFileOfTheLimitIsRememberedAndOneByteMoreIsNot() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard().withMaxFileSize(4));
        desk.write("four", "1234");
        desk.write("five", "12345");
        assertEquals("1234", desk.look("four"));
        assertEquals("disk:12345", desk.look("five"));
    }

    @Test void aDirectory() throws IOException {
        assertEquals("directory", desk.look("."));
    }

    @Test void nothing() throws IOException {
        desk.write("file", "x");
        assertEquals("missing", desk.look("a"));
        assertEquals("missing", desk.look("file/a"));
        assertEquals("missing", desk.look("a".repeat(256)));
        assertEquals("missing", desk.look("a/".repeat(2048) + "a"));
    }

    @Test void linksAreFollowedUnlessTheyLeadNowhereOrRound() throws IOException {
        desk.write("file", "one");
        Files.createSymbolicLink(folder.resolve("good"), Path.of("file"));
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nothing"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertEquals("one", desk.look("good"));
        assertEquals("missing", desk.look("dangling"));
        assertEquals("forbidden", desk.look("loop"));
        assertEquals("forbidden", desk.look("loop/a"));
    }

    @Test void aPipeIsNeverOpened() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
        assertEquals(0, mkfifo.waitFor());
        // Opening it to read would wait for a writer for ever.
        assertEquals("not regular", assertTimeoutPreemptively(Duration.ofSeconds(20), () -> desk.look("pipe")));
    }

    @Test void aSocketOrADeviceIsNotRegular() throws IOException {
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
            assertEquals("not regular", desk.look("socket"));
        }
        assertInstanceOf(FileLookup.NotRegular.class, desk.cache.find(new FileName("/dev/zero")));
    }

    @Test void anUnreadableFileIsForbiddenUntilItsModeChanges() throws IOException {
        for (FileCacheSettings settings : new FileCacheSettings[] {
                FileCacheSettings.standard(), FileCacheSettings.standard().withMaxFileSize(1), FileCacheSettings.off()}) {
            desk = new Desk(folder, settings);
            Path file = desk.write("a", "one");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            assumeFalse(Files.isReadable(file), "root may read everything");
            assertEquals("forbidden", desk.look("a"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            desk.pass(Duration.ofSeconds(1));
            assertTrue(desk.look("a").endsWith("one"));
        }
    }

    @Test void aFileInAClosedDirectoryIsForbidden() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        desk.write("closed/a", "one");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(closed), "root may go everywhere");
        assertEquals("forbidden", desk.look("closed/a"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }

    /// Some files of the kernel can be written but not read, not even by root.
    @Test void aFileThatNobodyMayReadIsForbidden() {
        Path writeOnly = Path.of("/sys/bus/pci/rescan");
        assumeTrue(Files.isRegularFile(writeOnly), "this kernel shows no PCI bus");
        assertInstanceOf(FileLookup.Forbidden.class, desk.cache.find(FileName.of(writeOnly)));
    }

    /// Its size is said to be 0 or a page, whatever it holds; the bytes never come to what was said.
    @Test void aFileThatIsShorterThanItSaysIsNotTakenIntoMemory() {
        Path shorter = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        assumeTrue(Files.isRegularFile(shorter), "this kernel has no such file");
        assertInstanceOf(FileLookup.OnDisk.class, desk.cache.find(FileName.of(shorter)));
    }

    @Test void anOpenedFileIsTheOneThatTheFactsDescribe() throws IOException {
        desk = new Desk(folder, FileCacheSettings.off());
        desk.write("a", "one");
        FileLookup.OnDisk found = assertInstanceOf(FileLookup.OnDisk.class, desk.find("a"));
        assertTrue(isOpened(found));
        desk.replace("a", "two");
        assertTrue(found.open().isEmpty());
        Files.delete(folder.resolve("a"));
        assertTrue(found.open().isEmpty());
    }

    @Test void aFileCutShortWhileItIsSentEndsEarly() throws IOException {
        desk = new Desk(folder, FileCacheSettings.off());
        Path file = desk.write("a", "0123456789");
        try (FileChannel sending = ((FileLookup.OnDisk) desk.find("a")).open().orElseThrow()) {
            try (var other = FileChannel.open(file, StandardOpenOption.WRITE)) {
                other.truncate(3);
            }
            assertEquals(3, sending.read(ByteBuffer.allocate(10)));
            assertEquals(-1, sending.read(ByteBuffer.allocate(10)));
        }
    }

    /// A directory can be opened but not read, and that is the one failure of a disk that can be had for the asking.
    @Test void aFailureToReadIsToldAndNotRemembered() throws IOException {
        desk = new Desk(folder, FileCacheSettings.standard(), reading -> {
            Path file = folder.resolve("a");
            assertTrue(file.toFile().delete() && file.toFile().mkdir());
            reading.run();
        });
        desk.write("a", "one");
        assertEquals("broken", desk.look("a"));
        assertEquals(0, desk.cache.counts().entries());
        assertEquals("directory", desk.look("a"));
    }

    private static boolean isOpened(FileLookup.OnDisk found) throws IOException {
        var opened = found.open();
        if (opened.isPresent()) {
            opened.get().close();
        }
        return opened.isPresent();
    }
}
