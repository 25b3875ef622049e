package io.selvage.server.proxy;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A temporary file for the bytes of a body that do not fit into memory, or that others are to read from a file.
///
/// Any number of threads may use it at once, each at positions of its own. Disk I/O runs in [BlockingExecutor], never on a
/// carrier; each call is one hand-over.
///
/// @param name where it is, or was if its folder keeps no names
record TempFile(TempFolder folder, FileChannel channel, Path name) implements AutoCloseable {

    /// Writes all remaining bytes of the buffer at position `at`.
    ///
    /// @return how many bytes
    /// @throws Failure [Failure.What#NO_SPACE]; what was written before is intact
    long write(ByteBuffer bytes, long at) throws Failure {
        try {
            return BlockingExecutor.call(() -> writeAll(bytes, at));
        } catch (IOException e) {
            throw folder.unwritable(e);
        }
    }

    private long writeAll(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
        return to - at;
    }

    /// Copies bytes from position `at` into a buffer.
    ///
    /// @return how many, or -1 at the end
    int read(ByteBuffer into, long at) throws Failure {
        try {
            return BlockingExecutor.call(() -> channel.read(into, at));
        } catch (IOException e) {
            throw new Failure(Failure.Where.HERE, Failure.What.CLOSED, false, "a body could not be read from a file: " + e, e);
        }
    }

    /// Closes it. A failure is ignored, since the file is not read again.
    @Override
    public void close() {
        BlockingExecutor.call(() -> {
            try {
                channel.close();
                if (folder.kept() == TempFolder.Kept.WHILE_OPEN) {
                    Files.deleteIfExists(name);
                }
            } catch (IOException _) {
                // Its space is free all the same, or another process has deleted it.
            }
            return true;
        });
    }
}
