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
    CacheFixture fixture;

    @BeforeEach void standard() {
        fixture = new CacheFixture(folder, FileCacheSettings.standard());
    }

    @Test void metadataIsFormattedAsInNginx() throws IOException {
        Path file = fixture.write("a", "0123456789");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1994-11-06T08:49:37.999Z")));
        FileMetadata facts = assertInstanceOf(FileLookup.Ready.class, fixture.find("a")).facts();
        assertEquals("\"2ebc98a1-a\"", facts.etag());
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", facts.lastModified());
        assertEquals(10, facts.size());
    }

    @Test void bytesAreOffHeapAndReadOnly() throws IOException {
        fixture.write("a", "one");
        ByteBuffer ready = assertInstanceOf(FileLookup.Ready.class, fixture.find("a")).ready();
        assertTrue(ready.isDirect());
        assertEquals(0, ready.position());
        assertThrows(ReadOnlyBufferException.class, () -> ready.put(0, (byte) 'x'));
    }

    @Test void emptyFileIsInMemory() throws IOException {
        fixture.write("a", "");
        assertEquals("", fixture.look("a"));
    }

    @Test void fileOneByteAboveTheLimitIsSentFromDisk() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard().withMaxFileSize(4));
        fixture.write("four", "1234");
        fixture.write("five", "12345");
        assertEquals("1234", fixture.look("four"));
        assertEquals("disk:12345", fixture.look("five"));
    }

    @Test void directoryIsReported() throws IOException {
        assertEquals("directory", fixture.look("."));
    }

    @Test void missingNamesAreReported() throws IOException {
        fixture.write("file", "x");
        assertEquals("missing", fixture.look("a"));
        assertEquals("missing", fixture.look("file/a"));
        assertEquals("missing", fixture.look("a".repeat(256)));
        assertEquals("missing", fixture.look("a/".repeat(2048) + "a"));
    }

    @Test void danglingAndCircularLinksAreNotFollowed() throws IOException {
        fixture.write("file", "one");
        Files.createSymbolicLink(folder.resolve("good"), Path.of("file"));
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("missingNamesAreReported"));
        Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertEquals("one", fixture.look("good"));
        assertEquals("missing", fixture.look("dangling"));
        assertEquals("forbidden", fixture.look("loop"));
        assertEquals("forbidden", fixture.look("loop/a"));
    }

    @Test void pipeIsNotOpened() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
        assertEquals(0, mkfifo.waitFor());
        // Opening it for reading would wait endlessly for a writer.
        assertEquals("not regular", assertTimeoutPreemptively(Duration.ofSeconds(20), () -> fixture.look("pipe")));
    }

    @Test void socketAndDeviceAreNotRegular() throws IOException {
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
            assertEquals("not regular", fixture.look("socket"));
        }
        assertInstanceOf(FileLookup.NotRegular.class, fixture.cache.find(new FileName("/dev/zero")));
    }

    @Test void unreadableFileIsForbiddenUntilItsModeChanges() throws IOException {
        for (FileCacheSettings settings : new FileCacheSettings[] {
                FileCacheSettings.standard(), FileCacheSettings.standard().withMaxFileSize(1), FileCacheSettings.off()}) {
            fixture = new CacheFixture(folder, settings);
            Path file = fixture.write("a", "one");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            assumeFalse(Files.isReadable(file), "root may read everything");
            assertEquals("forbidden", fixture.look("a"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            fixture.pass(Duration.ofSeconds(1));
            assertTrue(fixture.look("a").endsWith("one"));
        }
    }

    @Test void fileInAnUnreadableDirectoryIsForbidden() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        fixture.write("closed/a", "one");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(closed), "root may go everywhere");
        assertEquals("forbidden", fixture.look("closed/a"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }

    /// Some kernel files can be written but not read, even by root.
    @Test void writeOnlyKernelFileIsForbidden() {
        Path writeOnly = Path.of("/sys/bus/pci/rescan");
        assumeTrue(Files.isRegularFile(writeOnly), "this kernel shows no PCI bus");
        assertInstanceOf(FileLookup.Forbidden.class, fixture.cache.find(FileName.of(writeOnly)));
    }

    /// The kernel reports its size as 0 or one page, whatever it contains.
    @Test void fileShorterThanItsReportedSizeIsSentFromDisk() {
        Path shorter = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        assumeTrue(Files.isRegularFile(shorter), "this kernel has no such file");
        assertInstanceOf(FileLookup.OnDisk.class, fixture.cache.find(FileName.of(shorter)));
    }

    @Test void openReturnsOnlyTheDescribedFile() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.off());
        fixture.write("a", "one");
        FileLookup.OnDisk found = assertInstanceOf(FileLookup.OnDisk.class, fixture.find("a"));
        assertTrue(isOpened(found));
        fixture.replace("a", "two");
        assertTrue(found.open().isEmpty());
        Files.delete(folder.resolve("a"));
        assertTrue(found.open().isEmpty());
    }

    @Test void fileTruncatedWhileItIsSentEndsEarly() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.off());
        Path file = fixture.write("a", "0123456789");
        try (FileChannel sending = ((FileLookup.OnDisk) fixture.find("a")).open().orElseThrow()) {
            try (var other = FileChannel.open(file, StandardOpenOption.WRITE)) {
                other.truncate(3);
            }
            assertEquals(3, sending.read(ByteBuffer.allocate(10)));
            assertEquals(-1, sending.read(ByteBuffer.allocate(10)));
        }
    }

    /// A directory can be opened but not read: a read failure that a test can produce.
    @Test void readFailureIsReportedAndNotRemembered() throws IOException {
        fixture = new CacheFixture(folder, FileCacheSettings.standard(), reading -> {
            Path file = folder.resolve("a");
            assertTrue(file.toFile().delete() && file.toFile().mkdir());
            reading.run();
        });
        fixture.write("a", "one");
        assertEquals("broken", fixture.look("a"));
        assertEquals(0, fixture.cache.counts().entries());
        assertEquals("directory", fixture.look("a"));
    }

    private static boolean isOpened(FileLookup.OnDisk found) throws IOException {
        var opened = found.open();
        if (opened.isPresent()) {
            opened.get().close();
        }
        return opened.isPresent();
    }
}
