package io.selvage.server.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// A temporary file on a file system with room for some bytes, which counts the writes.
final class FakeFile extends FileChannel {
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

    @Override
    protected void implCloseChannel() {
    }

    @Override
    public int read(ByteBuffer into) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer from) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
