package io.selvage.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The result of a lookup.
public sealed interface FileLookup {
    /// A regular file whose bytes are in memory.
    ///
    /// @param ready all of the file, off-heap, read-only. Never change its position: send a `duplicate()` or a `slice`
    record Ready(FileMetadata facts, ByteBuffer ready) implements FileLookup {}

    /// A regular file that is too long for memory and that the cache keeps open.
    ///
    /// @param start its first bytes, as [Ready#ready], from the same moment as the metadata. The rest is read when it is sent
    record Open(FileMetadata facts, ByteBuffer start, SharedFile file) implements FileLookup {}

    /// A regular file that the sender opens: it was not requested often enough, or too many files are open.
    record OnDisk(FileMetadata facts, FileName name) implements FileLookup {
        /// Opens the file for reading if it is still the one that `facts` describe; empty if another file replaced it.
        /// The caller closes the channel. A file that is truncated while it is sent ends early; the caller must expect that.
        ///
        /// @throws IOException if it is the same file but cannot be opened: a missing permission, or no free descriptor
        public Optional<FileChannel> open() throws IOException {
            Path path = name.toPath();
            FileChannel channel;
            try {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
            boolean same = false;
            try {
                // The name referred to this file before and after the channel was opened, so the channel belongs to this file.
                same = Stat.of(path).equals(facts.stat());
                return same ? Optional.of(channel) : Optional.empty();
            } finally {
                if (!same) {
                    channel.close();
                }
            }
        }
    }

    /// A directory.
    record Directory() implements FileLookup {}

    /// There is no such file, or a component of its path is not a directory, or the name exceeds the limits of the kernel.
    record Missing() implements FileLookup {}

    /// This process may not read the file or a directory on its path, or the symbolic links form a loop.
    record Forbidden() implements FileLookup {}

    /// A pipe, socket or device. It was not opened.
    record NotRegular() implements FileLookup {}

    /// The file system reported an error. Never remembered.
    record Broken(IOException why) implements FileLookup {}
}
