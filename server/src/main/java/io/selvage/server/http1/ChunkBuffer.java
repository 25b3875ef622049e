package io.selvage.server.http1;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What of a stream goes out in one write: data that is filled in, with room for a head in front and for the framing of a chunk
/// around it.
///
/// It is large only after a full one, so a slow stream or a slow client uses little memory.
final class ChunkBuffer implements AutoCloseable {
    /// Room for the size of a chunk in front of its data, and behind it for its end and that of the body.
    private static final int BEFORE_CHUNK = 8;
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int AFTER_CHUNK = 2 + LAST_CHUNK.length;

    private final boolean chunked;
    private ByteBuffer bytes;
    private int from;                          // where the data begins

    /// @param expected bytes of the whole stream, 0 where that is not known
    ChunkBuffer(boolean chunked, long expected) {
        this.chunked = chunked;
        this.bytes = expected > BodyBufferPool.BODY ? BodyBufferPool.takeLarge() : BodyBufferPool.take();
    }

    /// Makes it empty.
    ///
    /// @param inFront bytes that must find room in front of the data; less than half of [BodyBufferPool#SIZE]
    void begin(int inFront) {
        from = inFront + (chunked ? BEFORE_CHUNK : 0);
        bytes.clear().limit(bytes.capacity() - (chunked ? AFTER_CHUNK : 0)).position(from);
    }

    /// Where the data is to be put, up to the limit.
    ByteBuffer room() {
        return bytes;
    }

    boolean isFull() {
        return !bytes.hasRemaining();
    }

    /// Bytes of data until now.
    int count() {
        return bytes.position() - from;
    }

    /// What is to be sent: the data as a chunk where the body is chunked, with the end of the body where it is the last one.
    ByteBuffer framed(boolean last) {
        if (!chunked) {
            return bytes.flip().position(from);
        }
        int count = count();
        int start = from;
        bytes.limit(bytes.capacity());
        if (count > 0) {
            byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            start -= size.length;
            bytes.put(start, size).put((byte) '\r').put((byte) '\n');
        }
        if (last) {
            bytes.put(LAST_CHUNK);
        }
        return bytes.flip().position(start);
    }

    /// Lets the next one be large or not.
    void grow(boolean large) {
        if (large != bytes.capacity() > BodyBufferPool.SIZE) {
            BodyBufferPool.give(bytes);
            bytes = large ? BodyBufferPool.takeLarge() : BodyBufferPool.take();
        }
    }

    @Override
    public void close() {
        BodyBufferPool.give(bytes);
    }
}
