package io.selvage.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The answer to a look for a file.
public sealed interface FileLookup {
    /// A regular file whose bytes are in memory.
    ///
    /// @param ready all of the file, outside the heap, read-only. Never change its position: send a `duplicate()` or a `slice`
    record Ready(FileMetadata facts, ByteBuffer ready) implements FileLookup {}

    /// A regular file too long to remember, kept open to be sent from.
    ///
    /// @param start its first bytes, as [Ready#ready]. They and the facts are of one moment; what follows is read when it is sent
    record Open(FileMetadata facts, ByteBuffer start, SharedFile file) implements FileLookup {}

    /// A regular file to be opened by whoever sends it: not asked for often enough, or there are too many open.
    record OnDisk(FileMetadata facts, FileName name) implements FileLookup {
        /// Opens the file to be read, if it is still the one that `facts` describe; empty if another took its place.
        /// The caller closes the channel. A file cut short while it is sent ends early; the reader must expect that.
        ///
        /// @throws IOException when it is the same file but cannot be opened, for want of a right or of a descriptor
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
                // The name led to this file before the channel was opened and does so now: the channel is of this file.
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

    /// Nothing stands under the name, or a step on the way is not a directory, or the name is longer than any can be.
    record Missing() implements FileLookup {}

    /// There, or perhaps there, but not for this process; or symbolic links that lead round in a circle.
    record Forbidden() implements FileLookup {}

    /// A pipe, socket or device. It has not been opened.
    record NotRegular() implements FileLookup {}

    /// The file system failed to answer. Never remembered.
    record Broken(IOException why) implements FileLookup {}
}
