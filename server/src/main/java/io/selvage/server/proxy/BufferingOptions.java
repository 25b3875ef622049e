package io.selvage.server.proxy;


/// How much of a response is stored for a client that reads more slowly than the peer sends. The client's connection has one more
/// buffer of its own.
///
/// @param on true if responses are buffered where `X-Accel-Buffering` does not decide (`proxy_buffering`)
/// @param inMemory the most bytes in memory, above 0 (`proxy_buffers`)
/// @param inFile the most bytes in a file beyond them; with 0 the peer waits instead (`proxy_max_temp_file_size`)
/// @param folder where the files are stored, created if need be (`proxy_temp_path`)
public record BufferingOptions(boolean on, int inMemory, long inFile, TempFolder folder) {
    private static final int MOST_IN_MEMORY = 1 << 30;

    public BufferingOptions {
        if (inMemory <= 0 || inMemory > MOST_IN_MEMORY || inFile < 0) {
            throw new IllegalArgumentException("buffering: " + inMemory + " bytes in memory, " + inFile + " in a file");
        }
    }

    /// @param buffers their number (`proxy_buffers`)
    /// @param size of each, in bytes
    public static BufferingOptions of(boolean on, long buffers, long size, long inFile, TempFolder folder) {
        long bytes = buffers > MOST_IN_MEMORY / size ? MOST_IN_MEMORY : buffers * size;
        return new BufferingOptions(on, (int) bytes, inFile, folder);
    }
}
