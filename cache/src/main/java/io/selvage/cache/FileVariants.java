package io.selvage.cache;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Forms of one file that are made from its bytes, such as compressed ones. Each is made once, and lives as long as the metadata
/// of the file. Safe for any number of threads.
public final class FileVariants {
    /// For bytes that belong to no remembered file. Nothing may be made of it.
    public static final FileVariants NONE = new FileVariants(_ -> { });

    /// A form of a file.
    public interface Variant {
        /// The bytes that are charged to the cache.
        int bytes();
    }

    /// Makes a form of the file.
    ///
    /// @param <E> why that can fail
    @FunctionalInterface
    public interface Maker<V extends Variant, E extends Exception> {
        V make() throws E;
    }

    private final Consumer<FileVariants> charge;
    private final ConcurrentHashMap<Object, CompletableFuture<Variant>> made = new ConcurrentHashMap<>();
    private final AtomicInteger bytes = new AtomicInteger();

    /// @param charge called after each new form, so that the cache accounts for [#bytes()]
    FileVariants(Consumer<FileVariants> charge) {
        this.charge = charge;
    }

    /// The form of this key. The first thread that asks for it makes it, while others wait for that. If that fails, the next
    /// thread tries.
    ///
    /// @param key equal for equal forms
    /// @throws E what the maker threw
    public <V extends Variant, E extends Exception> V get(Object key, Class<V> type, Maker<V, E> maker) throws E {
        while (true) {
            var known = made.get(key);
            if (known == null) {
                var mine = new CompletableFuture<Variant>();
                known = made.putIfAbsent(key, mine);
                if (known == null) {
                    return make(key, mine, maker);
                }
            }
            try {
                return type.cast(known.join());
            } catch (CancellationException _) {
                // The thread that made it failed, and has removed it.
            }
        }
    }

    private <V extends Variant, E extends Exception> V make(Object key, CompletableFuture<Variant> mine, Maker<V, E> maker)
            throws E {
        boolean complete = false;
        try {
            V variant = maker.make();
            complete = mine.complete(variant);
            bytes.addAndGet(variant.bytes());
            charge.accept(this);
            return variant;
        } finally {
            if (!complete) {
                made.remove(key, mine);
                mine.cancel(false);
            }
        }
    }

    /// The bytes of all forms.
    int bytes() {
        return bytes.get();
    }
}
