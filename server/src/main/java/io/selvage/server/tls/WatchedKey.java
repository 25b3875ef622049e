package io.selvage.server.tls;

import io.selvage.server.engine.BlockingExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A certificate and its key, which are read again when one of their files has changed. While the new files cannot be used, the
/// old certificate stays in use. Any thread.
public final class WatchedKey {
    private final KeyPairFiles files;
    private final CertificateStore store;
    private final long intervalNanos;
    private final AtomicLong checkedNanos;             // when the files were last looked at; the thread that moves it looks
    private volatile Loaded loaded;

    /// @param stamps of the files when the key was read
    private record Loaded(CertifiedKey key, List<Stamp> stamps) {
    }

    /// What tells that a file has changed.
    private record Stamp(long modifiedNanos, long size, @Nullable Object file) {
        static final Stamp MISSING = new Stamp(0, -1, null);

        static Stamp of(Path path) {
            try {
                BasicFileAttributes attributes =
                        SecretFiles.call(() -> Files.readAttributes(path, BasicFileAttributes.class));
                return new Stamp(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size(),
                        attributes.fileKey());
            } catch (IOException e) {
                return MISSING;
            }
        }
    }

    /// Reads the files. Blocks.
    ///
    /// @param intervalNanos the least time between two looks at the files
    /// @throws TlsFileException if they cannot be used
    WatchedKey(KeyPairFiles files, CertificateStore store, long intervalNanos) throws TlsFileException {
        this.files = files;
        this.store = store;
        this.intervalNanos = intervalNanos;
        this.checkedNanos = new AtomicLong(store.nanos());
        this.loaded = load();
    }

    private Loaded load() throws TlsFileException {
        List<Stamp> stamps = stamps();                     // before the files are read, so that no change is missed
        return new Loaded(files.load(), stamps);
    }

    private List<Stamp> stamps() {
        return files.files().map(Stamp::of).toList();
    }

    /// The certificate and the key. Looks at the files if it did not for a while; the calling virtual thread parks then.
    public CertifiedKey current() {
        long now = store.nanos();
        long last = checkedNanos.get();
        if (now - last >= intervalNanos && checkedNanos.compareAndSet(last, now)) {
            BlockingExecutor.call(this::refresh);
        }
        return loaded.key;
    }

    /// Reads changed files again. Reports files that cannot be used.
    ///
    /// @return the current key
    CertifiedKey refresh() {
        Loaded old = loaded;
        List<Stamp> now = stamps();
        if (!now.equals(old.stamps)) {
            try {
                loaded = load();
                store.replaced(files, old.key, loaded.key);
            } catch (TlsFileException e) {
                loaded = new Loaded(old.key, now);         // reported once for each change
                store.report(e.getMessage() + "; the old certificate stays in use");
            }
        }
        return loaded.key;
    }

    KeyPairFiles files() {
        return files;
    }

    /// The certificate and the key as they were last read.
    CertifiedKey last() {
        return loaded.key;
    }
}
