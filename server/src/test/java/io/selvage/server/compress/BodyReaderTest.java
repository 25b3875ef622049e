package io.selvage.server.compress;

import io.selvage.cache.FileVariants;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BodyReaderTest {
    private final AtomicInteger closed = new AtomicInteger();

    @TempDir
    private Path folder;

    private static String read(BodySource source, int pieces) throws Failure {
        StringBuilder text = new StringBuilder();
        ByteBuffer piece = ByteBuffer.allocate(pieces);
        while (source.read(piece.clear()) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(piece.flip()));
        }
        return text.toString();
    }

    private Body file(String content, long at, long count, String start) throws IOException {
        Path file = Files.writeString(folder.resolve("f"), content);
        SendableFile open = new SendableFile(FileChannel.open(file));
        return new Body.FilePart(open, at, count, ByteBuffer.wrap(start.getBytes(StandardCharsets.ISO_8859_1)),
                closed::incrementAndGet, FileVariants.NONE);
    }

    @Test
    void readsEveryKindOfBodyInPiecesOfAnySize() throws Exception {
        for (int size = 1; size < 12; size++) {
            assertEquals("", read(BodyReader.of(Body.NONE), size));
            assertEquals("text", read(BodyReader.of(Body.text("text")), size));
            assertEquals("23456", read(BodyReader.of(file("0123456789", 2, 5, "23")), size));
            Body parts = new Body.Parts(List.of(Body.text("a"), Body.NONE, file("0123456789", 8, 2, ""), Body.text("b")));
            assertEquals("a89b", read(BodyReader.of(parts), size));
            assertEquals(OptionalLong.of(4), BodyReader.of(parts).length());
        }
    }

    @Test
    void aStreamIsItsOwnReader() {
        BodySource source = BodyReader.of(Body.text("a"));
        assertSame(source, BodyReader.of(new Body.Stream(source)));
    }

    @Test
    void aFileThatBecameShorterFails() throws Exception {
        BodySource source = BodyReader.of(file("012", 0, 5, ""));
        assertThrows(Failure.class, () -> read(source, 10));
        source.close();
        assertEquals(1, closed.get());
    }
}
