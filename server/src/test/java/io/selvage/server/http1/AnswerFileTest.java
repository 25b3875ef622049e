package io.selvage.server.http1;

import io.selvage.cache.FileVariants;
import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Bodies of answers from files, memory, and several parts.
class AnswerFileTest extends AnswerFixture {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void partOfAFileIsSent(boolean sendfile, @TempDir Path folder) throws IOException {
        rules = sendfile(sendfile);
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 2, 5, () -> events.add("given back")));
        }

        assertTrue(client.written().endsWith("Content-Length: 5\r\nConnection: keep-alive\r\n\r\n23456"), client.written());
        List<String> after = List.of("given back", "done 200", "close");
        assertEquals(after, events.subList(events.size() - 3, events.size()));
        assertEquals(sendfile ? 2 : 1, client.writes().size());
    }

    /// Head and first bytes are one write, so the client does not wake up for the head alone.
    @Test
    void firstBytesInMemoryAreWrittenWithTheHead(@TempDir Path folder) throws IOException {
        rules = sendfile(true);
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            ByteBuffer start = ByteBuffer.wrap(Feeding.bytes("0123"));
            answer("GET", "1.1", Headers.EMPTY,
                    new Body.FilePart(new SendableFile(file), 0, 10, start, () -> events.add("given back"), FileVariants.NONE));
            assertEquals(4, start.remaining());
        }

        assertTrue(client.written().endsWith("Content-Length: 10\r\nConnection: keep-alive\r\n\r\n0123456789"), client.written());
        assertEquals(2, client.writes().size());
        assertEquals(6, client.writes().getLast());
        assertEquals(10, sent.getFirst().bodyBytes());
    }

    @Test
    void firstBytesInMemoryAreThrottledToo(@TempDir Path folder) throws IOException {
        rules = sendfile(true);
        rate = 4;
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            ByteBuffer start = ByteBuffer.wrap(Feeding.bytes("01234567"));
            answer("GET", "1.1", Headers.EMPTY,
                    new Body.FilePart(new SendableFile(file), 0, 10, start, () -> { }, FileVariants.NONE));
        }

        assertTrue(client.written().endsWith("\r\n\r\n0123456789"), client.written());
        assertTrue(client.writes().size() > 2, client.writes().toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void truncatedFileIsNotACompleteAnswer(boolean sendfile, @TempDir Path folder) throws IOException {
        rules = sendfile(sendfile);
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 0, 11, () -> { }));
        }

        assertTrue(client.written().endsWith("Content-Length: 11\r\nConnection: keep-alive\r\n\r\n0123456789"));
        assertEquals("close", events.getLast());
        assertFalse(sent.getFirst().complete());
    }

    @Test
    void unreadableFileIsAServerError(@TempDir Path folder) throws IOException {
        rules = sendfile(false);
        FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"));
        file.close();
        answer("GET", "1.1", Headers.EMPTY, new Body.FilePart(new SendableFile(file), 0, 10, () -> { }));

        assertTrue(client.written().startsWith("HTTP/1.1 500 Internal Server Error\r\n"), client.written());
    }

    @Test
    void partsAreSentInOrder(@TempDir Path folder) throws IOException {
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.Parts(List.of(Body.text("<"),
                    new Body.FilePart(new SendableFile(file), 1, 2, () -> { }), Body.text("|"),
                    new Body.FilePart(new SendableFile(file), 5, 1, () -> { }), Body.text(">"))));
        }

        assertTrue(client.written().endsWith("Content-Length: 6\r\nConnection: keep-alive\r\n\r\n<12|5>"), client.written());
    }

    @Test
    void smallPartsAreSentTogether(@TempDir Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        List<Body> parts = new ArrayList<>();
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789".repeat(5000)))) {
            SendableFile sendable = new SendableFile(file);
            for (int i = 0; i < 1000; i++) {
                String line = "part " + i + ": ";
                parts.add(Body.text(line));
                parts.add(new Body.FilePart(sendable, 10L * i + i % 10, 3, () -> { }));
                all.append(line).append("01234567890123456789", i % 10, i % 10 + 3);
                if (i == 500) {
                    parts.add(new Body.FilePart(sendable, 0, 50_000, () -> { }));
                    all.append("0123456789".repeat(5000));
                }
            }
            answer("GET", "1.1", Headers.EMPTY, new Body.Parts(parts));
        }

        assertEquals(all.toString(), client.written().substring(client.written().indexOf("\r\n\r\n") + 4));
        assertEquals(all.length(), sent.getFirst().bodyBytes());
        assertTrue(client.writes().size() <= 5, () -> client.writes().toString());
    }

    @Test
    void fileOfPartsThatBecomesShorterEndsTheConnection(@TempDir Path folder) throws IOException {
        try (FileChannel file = FileChannel.open(Files.writeString(folder.resolve("f"), "0123456789"))) {
            answer("GET", "1.1", Headers.EMPTY, new Body.Parts(List.of(Body.text("x".repeat(20_000)),
                    new Body.FilePart(new SendableFile(file), 8, 5, () -> { }))));
        }

        assertFalse(sent.getFirst().complete());
        assertEquals(List.of("GET /", "done 200", "close"), events);
    }

    @Test
    void bytesInMemoryAreNotChanged() {
        ByteBuffer bytes = ByteBuffer.wrap(Feeding.bytes("hi"));
        answer("GET", "1.1", Headers.EMPTY, new Body.Bytes(bytes));

        assertEquals(2, bytes.remaining());
    }

    private static ClientOptions sendfile(boolean on) {
        ClientOptions d = ClientOptions.DEFAULT;
        return new ClientOptions(d.head(), d.receiving(), d.keepAlive(), d.lingering(),
                new ClientOptions.Sending(d.sending().timeout(), d.sending().minRate(), true, on, true), d.http2(), false);
    }
}
