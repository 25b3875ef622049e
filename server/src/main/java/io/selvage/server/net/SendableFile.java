package io.selvage.server.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// An open file whose bytes a [Connection] can send. Any number of threads may use it at once; its opener closes it.
public final class SendableFile {
    private final FileChannel channel;

    public SendableFile(FileChannel channel) {
        this.channel = channel;
    }

    /// Reads from a position, as [FileChannel#read(ByteBuffer, long)].
    ///
    /// @return the number of bytes, -1 behind the end of the file
    public int read(ByteBuffer into, long at) throws IOException {
        return channel.read(into, at);
    }

    FileChannel channel() {
        return channel;
    }
}
