package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BufferedRequestBodyTest {
    @TempDir
    private Path folder;

    @Test
    void bodyUpToBoundStaysInMemory() throws Exception {
        for (FakeBody body : List.of(FakeBody.withLength("ab", "cdefgh"), FakeBody.chunked("ab", "cdefgh"))) {
            BufferedRequestBody held = BufferedRequestBody.receive(body, 8, new TempFolder(folder));
            assertInstanceOf(BufferedRequestBody.InMemory.class, held);
            assertEquals("abcdefgh", text(held));
        }
        assertEquals(List.of(), files());
    }

    @Test
    void longerBodyIsInUnnamedFile() throws Exception {
        for (FakeBody body : List.of(FakeBody.withLength("ab", "cdefghi", "jk"), FakeBody.chunked("a", "bcdefghijk"))) {
            try (BufferedRequestBody held = BufferedRequestBody.receive(body, 8, new TempFolder(folder))) {
                assertInstanceOf(BufferedRequestBody.InFile.class, held);
                assertEquals(new Framing.Length(11), held.framing());
                assertEquals("abcdefghijk", text(held));
                assertEquals(List.of(), files());
            }
        }
    }

    @Test
    void smallPiecesAreWrittenToTheFileTogether() throws Exception {
        FakeFile file = new FakeFile(1_000_000);
        String[] pieces = "x".repeat(100_000).split("");
        try (BufferedRequestBody held = BufferedRequestBody.receive(FakeBody.chunked(pieces), 8, file.folder())) {
            assertEquals(new Framing.Length(100_000), held.framing());
            assertEquals(2, file.writes());
        }
    }

    @Test
    void smallPiecesAreWrittenTogetherWhileOtherBodiesHaveAllLargeBuffers() throws Exception {
        List<ByteBuffer> taken = Stream.generate(LargeBuffers::take).limit(LargeBuffers.MOST).map(Optional::orElseThrow).toList();
        try {
            assertTrue(LargeBuffers.take().isEmpty());
            FakeFile file = new FakeFile(1_000_000);
            String[] pieces = "x".repeat(100_000).split("");
            try (BufferedRequestBody held = BufferedRequestBody.receive(FakeBody.chunked(pieces), 8, file.folder())) {
                assertEquals(new Framing.Length(100_000), held.framing());
                assertEquals(1 + (100_000 + 16_383) / 16_384, file.writes());
            }
        } finally {
            taken.forEach(LargeBuffers::give);
        }
    }

    @Test
    void largeBufferIsGivenBackByEveryBody() throws Exception {
        for (int i = 0; i < LargeBuffers.MOST; i++) {
            BufferedRequestBody.receive(FakeBody.chunked("a".repeat(20)), 8, new TempFolder(folder)).close();
            assertThrows(Failure.class,
                    () -> BufferedRequestBody.receive(FakeBody.cutShort("a".repeat(20), "b"), 8, new TempFolder(folder)));
        }
        LargeBuffers.give(LargeBuffers.take().orElseThrow());
    }

    @Test
    void fullFileSystemIs507WithItsName() {
        FakeFile file = new FakeFile(20_000);
        Failure failure = assertThrows(Failure.class,
                () -> BufferedRequestBody.receive(FakeBody.chunked("a".repeat(10_000), "b".repeat(20_000)), 8, file.folder()));
        assertEquals(507, failure.status().code());
        assertTrue(failure.detail().matches("a body could not be written to a temporary file in \"/\" "
                + "\\(file system .+, \\d+ bytes free\\): java.io.IOException: No space left on device"), failure.detail());
        assertFalse(file.isOpen());
    }

    @Test
    void bodyWithoutBytesIsEmpty() throws Exception {
        assertEquals(new Framing.Length(0), BufferedRequestBody.receive(FakeBody.chunked(), 8, new TempFolder(folder)).framing());
    }

    @Test
    void truncatedBodyLeavesNoFileBehind() throws Exception {
        Failure failure = assertThrows(Failure.class,
                () -> BufferedRequestBody.receive(FakeBody.cutShort("a".repeat(20), "b"), 8, new TempFolder(folder)));
        assertEquals(Failure.Where.DOWNSTREAM, failure.where());
        assertEquals(List.of(), files());
    }

    @Test
    void folderIsCreatedOnDemand() throws Exception {
        BufferedRequestBody.receive(FakeBody.chunked("a".repeat(20)), 8, new TempFolder(folder.resolve("deep/er"))).close();
        assertEquals(1, files().size());
    }

    @Test
    void unusableFolderIsInternalErrorWithReason() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Failure failure = assertThrows(Failure.class,
                () -> BufferedRequestBody.receive(FakeBody.chunked("a".repeat(20)), 8, new TempFolder(file)));
        assertEquals(500, failure.status().code());
    }

    private static String text(BufferedRequestBody held) throws Failure {
        ByteBuffer bytes = ByteBuffer.allocate((int) held.length() + 1);
        int read = 0;
        while (read >= 0) {
            read = held.read(bytes, bytes.position());
        }
        return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        }
    }
}
