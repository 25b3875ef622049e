package io.selvage.server.proxy;

import io.selvage.server.net.FakeFileChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// A temporary file on a file system with room for some bytes, which counts the writes.
final class FakeFile extends FakeFileChannel {
    private final byte[] bytes;
    private final AtomicInteger writes = new AtomicInteger();

    FakeFile(int room) {
        bytes = new byte[room];
    }

    /// A folder that creates this file.
    TempFolder folder() {
        return new TempFolder(Path.of("/"), _ -> this);
    }

    int writes() {
        return writes.get();
    }

    @Override
    public synchronized int write(ByteBuffer from, long at) throws IOException {
        writes.incrementAndGet();
        int count = (int) Math.min(from.remaining(), bytes.length - at);
        if (count <= 0) {
            throw new IOException("No space left on device");
        }
        from.get(bytes, (int) at, count);
        return count;
    }

    @Override
    public synchronized int read(ByteBuffer into, long at) {
        int count = Math.min(into.remaining(), bytes.length - (int) at);
        into.put(bytes, (int) at, count);
        return count;
    }
}
