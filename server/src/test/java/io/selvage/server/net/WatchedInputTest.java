package io.selvage.server.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WatchedInputTest {
    private final UnreadBytes kept = new UnreadBytes();

    @Test
    void endBehindFewBytesIsSeenAndTheyAreKept() throws IOException {
        WatchedInput input = new WatchedInput(0);
        ReadableByteChannel client = client(10);
        assertFalse(input.readToEnd(client));
        assertTrue(input.readToEnd(client));
        assertEquals(10, input.bytes().remaining());
    }

    @Test
    void manyWatchesKeepNoMoreThanOne() throws IOException {
        ReadableByteChannel client = client(100_000);
        for (int i = 0; i < 20; i++) {
            WatchedInput input = new WatchedInput(kept.size());
            for (int check = 0; check < 3; check++) {
                assertFalse(input.readToEnd(client));
            }
            kept.putLast(input.bytes());
        }
        assertEquals(WatchedInput.MOST_KEPT, kept.size());
        assertTrue(new WatchedInput(kept.size()).isFull());
    }

    @Test
    void bytesThatWereReadMakeRoom() throws IOException {
        ReadableByteChannel client = client(100_000);
        WatchedInput first = new WatchedInput(0);
        first.readToEnd(client);
        kept.putLast(first.bytes());
        kept.take(ByteBuffer.allocate(1000));

        WatchedInput second = new WatchedInput(kept.size());
        assertFalse(second.readToEnd(client));
        assertEquals(1000, second.bytes().remaining());
    }

    /// One that has sent so many bytes and its end.
    private static ReadableByteChannel client(int bytes) {
        return Channels.newChannel(new ByteArrayInputStream(new byte[bytes]));
    }
}
