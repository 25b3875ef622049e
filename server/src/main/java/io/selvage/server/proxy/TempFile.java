package io.selvage.server.proxy;

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
/// may use it at once, each at places of its own.
record TempFile(FileChannel channel) implements AutoCloseable {

    /// @param folder where it is put, created if need be
    static TempFile open(Path folder) throws Failure {
        try {
            Files.createDirectories(folder);
            Path path = Files.createTempFile(folder, "body", "");
            try {
                return new TempFile(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
            } finally {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// Writes all of the buffer.
    ///
    /// @return how many bytes that was
    long write(ByteBuffer bytes, long at) throws Failure {
        int count = bytes.remaining();
        long to = at;
        try {
            while (bytes.hasRemaining()) {
                to += channel.write(bytes, to);
            }
            return count;
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /// Puts the bytes from `at` on into a buffer.
    ///
    /// @return how many, or -1 behind the last one
    int read(ByteBuffer into, long at) throws Failure {
        try {
            return channel.read(into, at);
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
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
