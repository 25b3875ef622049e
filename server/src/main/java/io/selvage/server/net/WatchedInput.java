package io.selvage.server.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/// The input of a connection that nobody reads, as a watch for its end sees it. Bytes before the end are kept for the next read.
/// Used by one thread at a time.
final class WatchedInput {
    /// The most bytes that a connection keeps in this way, over all its watches. The end can only follow them.
    static final int MOST_KEPT = 4096;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final int room;
    private ByteBuffer seen = NOTHING;                     // allocated when something comes

    /// @param kept how many bytes the connection keeps already
    WatchedInput(int kept) {
        room = Math.max(0, MOST_KEPT - kept);
    }

    /// True if nothing more is kept, so that the end will not be seen.
    boolean isFull() {
        return seen.position() == room;
    }

    /// Reads what is there.
    ///
    /// @param channel does not block
    /// @return true at the end of the input
    boolean readToEnd(ReadableByteChannel channel) throws IOException {
        if (isFull()) {
            return false;
        }
        if (seen == NOTHING) {
            seen = ByteBuffer.allocate(room);
        }
        return channel.read(seen) < 0;
    }

    /// Ends the watch.
    ///
    /// @return the bytes to keep
    ByteBuffer bytes() {
        return seen.flip();
    }
}
