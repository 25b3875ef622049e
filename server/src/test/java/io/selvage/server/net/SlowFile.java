package io.selvage.server.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A file on a slow disk: bytes that were not read before arrive only after a delay.
final class SlowFile extends FileChannel {
    private static final long A_WHILE_NANOS = 4_000_000;

    private final byte[] content;
    private final AtomicInteger readElsewhere = new AtomicInteger();
    private final AtomicInteger waits = new AtomicInteger();
    private volatile long readTo;

    SlowFile(byte[] content) {
        this.content = content;
    }

    /// The number of reads on platform threads, that is, not on the thread of a connection.
    int readElsewhere() {
        return readElsewhere.get();
    }

    /// Waits for the disk while something was sent.
    int waits() {
        return waits.get();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        if (position >= readTo) {
            waits.incrementAndGet();
            takeAWhile();
        }
        int length = (int) Math.min(count, content.length - position);
        int sent = target.write(ByteBuffer.wrap(content, (int) position, length));
        readTo = Math.max(readTo, position + sent);
        return sent;
    }

    private static void takeAWhile() throws IOException {
        try {
            Thread.sleep(Duration.ofNanos(A_WHILE_NANOS));
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
        if (position >= readTo) {
            takeAWhile();
        }
        if (!Thread.currentThread().isVirtual()) {
            readElsewhere.incrementAndGet();
        }
        int length = (int) Math.min(into.remaining(), content.length - position);
        into.put(content, (int) position, length);
        readTo = Math.max(readTo, position + length);
        return length;
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    protected void implCloseChannel() {
        // Nothing is open.
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
    public int write(ByteBuffer from, long position) {
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
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) {
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
