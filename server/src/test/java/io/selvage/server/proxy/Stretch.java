package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/// A body whose bytes follow from their positions, in pieces of random sizes.
final class Stretch implements BodySource {
    private final long length;
    private final RandomGenerator pieces;
    private final LongConsumer watcher;
    private long given;

    /// @param watcher gets, with each piece, the number of bytes given so far
    Stretch(long length, RandomGenerator pieces, LongConsumer watcher) {
        this.length = length;
        this.pieces = pieces;
        this.watcher = watcher;
    }

    static byte byteAt(long place) {
        return (byte) (place * 0x9E3779B97F4A7C15L >>> 56);
    }

    @Override
    public int read(ByteBuffer into) {
        int count = (int) Math.min(length - given, Math.min(into.remaining(), pieces.nextInt(1, 10_000)));
        if (count == 0) {
            return -1;
        }
        for (int i = 0; i < count; i++) {
            into.put(byteAt(given++));
        }
        watcher.accept(given);
        return count;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(length);
    }
}
