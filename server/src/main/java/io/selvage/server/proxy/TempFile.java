package io.selvage.server.proxy;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file for bytes of a body that are too many for memory.
///
/// It has no name any more while it is used, so that nothing of it stays behind, whatever happens to us. Any number of threads
/// may use it at once, each at places of its own. What waits for the disk does so in [BlockingExecutor].
record TempFile(FileChannel channel) implements AutoCloseable {

    /// @param folder where it is put, created if need be
    static TempFile open(Path folder) throws Failure {
        try {
            return new TempFile(BlockingExecutor.call(() -> nameless(folder)));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static FileChannel nameless(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, "body", "");
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }

    /// Writes all of the buffer.
    ///
    /// @return how many bytes that was
    long write(ByteBuffer bytes, long at) throws Failure {
        try {
            return BlockingExecutor.call(() -> writeAll(bytes, at));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private long writeAll(ByteBuffer bytes, long at) throws IOException {
        long to = at;
        while (bytes.hasRemaining()) {
            to += channel.write(bytes, to);
        }
        return to - at;
    }

    /// Puts the bytes from `at` on into a buffer.
    ///
    /// @return how many, or -1 behind the last one
    int read(ByteBuffer into, long at) throws Failure {
        try {
            return BlockingExecutor.call(() -> channel.read(into, at));
        } catch (IOException e) {
            throw new Failure(Failure.Where.HERE, Failure.What.CLOSED, false, "the temporary file of a body: " + e, e);
        }
    }

    private static Failure unwritable(IOException why) {
        return Failure.here(Failure.What.REFUSED, "a body could not be put into a temporary file: " + why);
    }

    @Override
    public void close() {
        try {
            BlockingExecutor.call(() -> {
                channel.close();
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
