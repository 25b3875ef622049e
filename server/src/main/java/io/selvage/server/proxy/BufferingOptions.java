package io.selvage.server.proxy;

import java.nio.file.Path;

/// What is kept of an answer for a client that takes it more slowly than the peer sends it.
///
/// A sender has one buffer of its own beside this.
///
/// @param on whether anything is, unless `X-Accel-Buffering` says otherwise (`proxy_buffering`)
/// @param inMemory bytes kept in memory, above zero (`proxy_buffers`)
/// @param inFile bytes kept on disk beyond them; 0 for none, then the peer waits (`proxy_max_temp_file_size`)
/// @param folder where the files are put, created if need be (`proxy_temp_path`)
public record BufferingOptions(boolean on, int inMemory, long inFile, Path folder) {
    private static final int MOST_IN_MEMORY = 1 << 30;

    public BufferingOptions {
        if (inMemory <= 0 || inMemory > MOST_IN_MEMORY || inFile < 0) {
            throw new IllegalArgumentException("cannot keep " + inMemory + " bytes in memory and " + inFile + " on disk");
        }
    }

    /// @param buffers how many of them (`proxy_buffers`)
    /// @param size of each, in bytes
    public static BufferingOptions of(boolean on, long buffers, long size, long inFile, Path folder) {
        long bytes = buffers > MOST_IN_MEMORY / size ? MOST_IN_MEMORY : buffers * size;
        return new BufferingOptions(on, (int) bytes, inFile, folder);
    }
}
