package io.selvage.server.compress;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/// Compresses in the Zstandard format (RFC 8878). Windows and tables have at most 1 MiB and 2 million entries, so that an encoder
/// needs at most 20 MiB; with the library's own, it would need 640 MiB at level 22. RFC 9659 allows windows of 8 MiB.
final class ZstdCoder implements Coder {
    /// From this level on, the library's own window may be larger than 1 MiB.
    private static final int LARGE_WINDOWS = 4;
    /// From this level on, the library's own tables are too large.
    private static final int LARGE_TABLES = 10;
    private static final int MOST_BITS = 20;

    private final ZstdCompressCtx context = new ZstdCompressCtx();

    /// @param level 1 to 22
    ZstdCoder(int level) {
        context.setLevel(level);
        if (level >= LARGE_WINDOWS) {
            context.setWindowLog(MOST_BITS);
        }
        if (level >= LARGE_TABLES) {
            context.setHashLog(MOST_BITS);
            context.setChainLog(MOST_BITS + 1);
        }
    }

    @Override
    public boolean step(ByteBuffer in, ByteBuffer out, Goal goal) {
        boolean complete = context.compressDirectByteBufferStream(out, in, switch (goal) {
            case CODE -> EndDirective.CONTINUE;
            case FLUSH -> EndDirective.FLUSH;
            case END -> EndDirective.END;
        });
        return !in.hasRemaining() && (goal == Goal.CODE || complete);
    }

    @Override
    public void close() {
        context.close();
    }
}
