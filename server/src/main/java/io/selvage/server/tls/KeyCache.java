package io.selvage.server.tls;

import io.selvage.server.engine.BlockingExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps certificates whose files are known only when a client connects (`ssl_certificate_cache`). Thread-safe; bounded. The one
/// that was not used for the longest time leaves first.
public final class KeyCache {
    private final CertificateStore store;
    private final Options options;
    private final Map<KeyPairFiles, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);     // guarded by itself

    /// @param max the most certificates; 0 to read files for every connection
    /// @param inactive a certificate that was not used for this time leaves
    /// @param valid the least time between two looks at the files of one
    public record Options(int max, Duration inactive, Duration valid) {
    }

    private record Kept(WatchedKey key, long usedNanos) {
    }

    /// @param store reads the files
    public KeyCache(CertificateStore store, Options options) {
        this.store = store;
        this.options = options;
    }

    /// The certificate of some files. The calling virtual thread parks while it is read.
    ///
    /// @throws IOException if the files cannot be used
    public CertifiedKey get(KeyPairFiles files) throws IOException {
        if (options.max == 0) {
            return BlockingExecutor.call(() -> store.load(files, Duration.ZERO)).last();
        }
        WatchedKey known = known(files);
        if (known != null) {
            return known.current();
        }
        WatchedKey loaded = BlockingExecutor.call(() -> store.load(files, options.valid));
        put(files, loaded);
        return loaded.last();
    }

    private @Nullable WatchedKey known(KeyPairFiles files) {
        long now = store.nanos();
        synchronized (kept) {
            Iterator<Kept> oldest = kept.values().iterator();
            while (oldest.hasNext() && now - oldest.next().usedNanos > options.inactive.toNanos()) {
                oldest.remove();
            }
            Kept found = kept.get(files);
            if (found == null) {
                return null;
            }
            kept.put(files, new Kept(found.key, now));
            return found.key;
        }
    }

    private void put(KeyPairFiles files, WatchedKey loaded) {
        synchronized (kept) {
            kept.put(files, new Kept(loaded, store.nanos()));
            Iterator<KeyPairFiles> oldest = kept.keySet().iterator();
            while (kept.size() > options.max) {
                oldest.next();
                oldest.remove();
            }
        }
    }
}
