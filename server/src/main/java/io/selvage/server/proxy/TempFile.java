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

/// A temporary file for the bytes of a body that do not fit into memory.
///
/// Its name is deleted as soon as it is open, so nothing is left behind even after a crash. Any number of threads may use it at
/// once, each at positions of its own. Disk I/O runs in [BlockingExecutor], never on a carrier.
record TempFile(FileChannel channel) implements AutoCloseable {

    /// @param folder where it is created; created itself if need be
    static TempFile open(Path folder) throws Failure {
        try {
            return new TempFile(BlockingExecutor.call(() -> createUnnamed(folder)));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static FileChannel createUnnamed(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path path = Files.createTempFile(folder, "body", "");
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }

    /// Writes all remaining bytes of the buffer at position `at`.
    ///
    /// @return how many bytes
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

    private static Failure unwritable(IOException why) {
        return Failure.here(Failure.What.REFUSED, "a body could not be written to a temporary file: " + why);
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
