package io.selvage.server.compress;

import io.selvage.server.http.Failure;

/// How content is compressed. Equal specifications make equal bytes.
///
/// @param level gzip: 1 to 9, Brotli: 0 to 11, Zstandard: 1 to 22; the higher, the slower and the smaller
/// @param windowBits of Brotli: the binary logarithm of the window in bytes, 10 to 24; 0 for the other codings
public record CoderSpec(ContentCoding coding, int level, int windowBits) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /// A coder with its own memory.
    ///
    /// @throws Failure if there is no memory for it
    Coder open() throws Failure {
        return switch (coding) {
            case GZIP -> new GzipCoder(level);
            case BROTLI -> new BrotliCoder(level, windowBits);
            case ZSTD -> new ZstdCoder(level);
        };
    }

    /// The most bytes that are compressed without a wait on an event loop: about a millisecond of work.
    int inlineBytes() {
        return switch (coding) {
            case GZIP -> level <= 4 ? 64 * KIB : 16 * KIB;
            case BROTLI -> level <= 4 ? 32 * KIB : level <= 6 ? 16 * KIB : 0;
            case ZSTD -> level <= 4 ? 64 * KIB : level <= 9 ? 16 * KIB : 0;
        };
    }

    /// The memory of a coder in bytes, as measured, rounded up.
    int memory() {
        return switch (coding) {
            case GZIP -> 300 * KIB;
            case BROTLI -> level <= 3 ? 2 * MIB : level <= 6 ? 6 * MIB : 36 * MIB;
            case ZSTD -> level <= 2 ? 2 * MIB : level <= 6 ? 5 * MIB : level <= 9 ? 12 * MIB : 24 * MIB;
        };
    }
}
