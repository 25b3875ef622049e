package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BufferedRequestBodyTest {
    @TempDir
    private Path folder;

    @Test
    void bodyUpToBoundStaysInMemory() throws Exception {
        for (FakeBody body : List.of(FakeBody.withLength("ab", "cdefgh"), FakeBody.chunked("ab", "cdefgh"))) {
            BufferedRequestBody held = BufferedRequestBody.receive(body, 8, folder);
            assertInstanceOf(BufferedRequestBody.InMemory.class, held);
            assertEquals("abcdefgh", text(held));
        }
        assertEquals(List.of(), files());
    }

    @Test
    void longerBodyIsInUnnamedFile() throws Exception {
        for (FakeBody body : List.of(FakeBody.withLength("ab", "cdefghi", "jk"), FakeBody.chunked("a", "bcdefghijk"))) {
            try (BufferedRequestBody held = BufferedRequestBody.receive(body, 8, folder)) {
                assertInstanceOf(BufferedRequestBody.InFile.class, held);
                assertEquals(new Framing.Length(11), held.framing());
                assertEquals("abcdefghijk", text(held));
                assertEquals(List.of(), files());
            }
        }
    }

    @Test
    void bodyWithoutBytesIsEmpty() throws Exception {
        assertEquals(new Framing.Length(0), BufferedRequestBody.receive(FakeBody.chunked(), 8, folder).framing());
    }

    @Test
    void truncatedBodyLeavesNoFileBehind() throws Exception {
        Failure failure = assertThrows(Failure.class,
                () -> BufferedRequestBody.receive(FakeBody.cutShort("a".repeat(20), "b"), 8, folder));
        assertEquals(Failure.Where.DOWNSTREAM, failure.where());
        assertEquals(List.of(), files());
    }

    @Test
    void folderIsCreatedOnDemand() throws Exception {
        BufferedRequestBody.receive(FakeBody.chunked("a".repeat(20)), 8, folder.resolve("deep/er")).close();
        assertEquals(1, files().size());
    }

    @Test
    void unusableFolderIsInternalErrorWithReason() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Failure failure = assertThrows(Failure.class,
                () -> BufferedRequestBody.receive(FakeBody.chunked("a".repeat(20)), 8, file));
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
