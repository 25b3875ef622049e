package io.selvage.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file from which any number may send at once. It is closed when the cache has let go of it and the last of them is
/// done.
///
/// Only positional reads and transfers: there is one position for all. A sender that forgets to say that it is done costs a
/// descriptor until the garbage collector finds the channel.
public final class SharedFile {
    private final FileChannel channel;
    private final OpenFiles places;
    /*
     * 1 --the cache opens it; each user, by compare-and-set from a number above 0: one more; each that is done: one less--> 0
     *
     * The cache is a user like any other. Whoever makes it 0 closes the channel, and nobody gets it any more: 0 is never left.
     */
    private final AtomicInteger users = new AtomicInteger(1);

    private SharedFile(FileChannel channel, OpenFiles places) {
        this.channel = channel;
        this.places = places;
    }

    /// Opens it, where there is a place for one more.
    static Optional<SharedFile> open(Path path, OpenFiles places) throws IOException {
        if (!places.take()) {
            return Optional.empty();
        }
        boolean opened = false;
        try {
            var file = new SharedFile(FileChannel.open(path, StandardOpenOption.READ), places);
            opened = true;
            return Optional.of(file);
        } finally {
            if (!opened) {
                places.give();
            }
        }
    }

    /// Takes part, unless it is too late: then what was found is out of date, and another look brings what there is now.
    ///
    /// @return whether [#done()] is to be called, once
    public boolean use() {
        int known = users.get();
        while (known > 0) {
            if (users.compareAndSet(known, known + 1)) {
                return true;
            }
            known = users.get();
        }
        return false;
    }

    /// Ends one use. Throws nothing.
    public void done() {
        if (users.decrementAndGet() == 0) {
            close();
            places.give();
        }
    }

    public FileChannel channel() {
        return channel;
    }

    /// An interrupt under a read or a transfer closes the channel for everybody.
    boolean isOpen() {
        return channel.isOpen();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read; nothing can be lost.
        }
    }
}
