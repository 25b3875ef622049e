package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The contexts of an engine by their settings, so that sessions survive the configuration that made them. One that was not used
/// for an hour, or too many, make room for new ones. Any thread.
final class ContextCache<K, C> {
    private static final int MOST = 16_384;
    private static final long KEPT_NANOS = 3_600_000_000_000L;

    private final Map<K, Entry<C>> entries = new ConcurrentHashMap<>();
    private final Maker<K, C> maker;

    /// Makes a context.
    interface Maker<K, C> {
        C make(K settings) throws GeneralSecurityException;
    }

    private static final class Entry<C> {
        private final C context;
        private volatile long usedNanos;

        Entry(C context, long usedNanos) {
            this.context = context;
            this.usedNanos = usedNanos;
        }
    }

    ContextCache(Maker<K, C> maker) {
        this.maker = maker;
    }

    C get(K settings) throws GeneralSecurityException {
        long now = System.nanoTime();
        Entry<C> known = entries.get(settings);
        if (known == null) {
            Entry<C> made = new Entry<>(maker.make(settings), now);
            Entry<C> other = entries.putIfAbsent(settings, made);
            known = other == null ? made : other;
            makeRoom(now);
        }
        known.usedNanos = now;
        return known.context;
    }

    private void makeRoom(long now) {
        entries.values().removeIf(entry -> now - entry.usedNanos > KEPT_NANOS);
        while (entries.size() > MOST) {
            entries.values().stream().min(Comparator.comparingLong(entry -> entry.usedNanos - now))
                    .ifPresent(oldest -> entries.values().remove(oldest));
        }
    }
}
