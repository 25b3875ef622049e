package io.selvage.server.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A file on a slow disk: bytes that were not read before arrive only after a delay.
final class SlowFile extends FakeFileChannel {
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
}
