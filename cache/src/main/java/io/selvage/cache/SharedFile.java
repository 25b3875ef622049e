package io.selvage.cache;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file that any number of senders use at once. It is closed when the cache and the last sender have released it.
///
/// All users share one channel, so only positional reads and transfers are allowed. A sender that does not call [#done()]
/// occupies a descriptor until the garbage collector finds the channel.
public final class SharedFile {
    private final FileChannel channel;
    private final OpenFiles places;
    /*
     * 1 --the cache opened it; use(): +1 by compare-and-set, if above 0; done(): -1--> 0
     *
     * The cache is a user like the senders. The thread that reaches 0 closes the channel. 0 is final: use() then fails.
     */
    private final AtomicInteger users = new AtomicInteger(1);

    private SharedFile(FileChannel channel, OpenFiles places) {
        this.channel = channel;
        this.places = places;
    }

    /// Opens the file, unless the limit is reached.
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

    /// Adds a user, unless the file was closed: then the lookup result is out of date and the caller must look up again.
    ///
    /// @return true if the caller must call [#done()], once
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

    /// The open channel. The caller must be a user.
    public FileChannel channel() {
        return channel;
    }

    /// False after [#done()] by the last user, or after an interrupt during a read or transfer, which closes the channel.
    boolean isOpen() {
        return channel.isOpen();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The channel was only read; no data can be lost.
        }
    }
}
