package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A header block that comes in several frames (RFC 9113 §4.3). Holds memory only while one is open.
final class HeaderBlock {
    private static final byte[] NONE = new byte[0];

    private final int maxSize;
    private final int maxContinuations;
    private int stream;                        // 0 while none is open
    private boolean endStream;
    private boolean dependsOnItself;
    private int continuations;
    private byte[] bytes = NONE;
    private int size;

    HeaderBlock(int maxSize, int maxContinuations) {
        this.maxSize = maxSize;
        this.maxContinuations = maxContinuations;
    }

    boolean isOpen() {
        return stream > 0;
    }

    int stream() {
        return stream;
    }

    boolean endStream() {
        return endStream;
    }

    boolean dependsOnItself() {
        return dependsOnItself;
    }

    void open(int ofStream, boolean endsStream, boolean depends, ByteBuffer fragment) throws Http2Error {
        stream = ofStream;
        endStream = endsStream;
        dependsOnItself = depends;
        continuations = 0;
        append(fragment);
    }

    void add(ByteBuffer fragment) throws Http2Error {
        if (++continuations > maxContinuations) {
            throw Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, "too many CONTINUATION frames");
        }
        append(fragment);
    }

    /// Checks the size of a block.
    ///
    /// @throws Http2Error of the connection, if it has more bytes than allowed
    void check(int total) throws Http2Error {
        if (total > maxSize) {
            throw Http2Error.ofConnection(ErrorCode.ENHANCE_YOUR_CALM, "too large a header block");
        }
    }

    /// Adds bytes of the frame that was added last.
    void append(ByteBuffer fragment) throws Http2Error {
        int length = fragment.remaining();
        check(size + length);
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(maxSize, Math.max(size + length, 2 * bytes.length)));
        }
        fragment.get(bytes, size, length);
        size += length;
    }

    /// The whole of it; no block is open afterwards.
    ByteBuffer close() {
        ByteBuffer whole = ByteBuffer.wrap(bytes, 0, size);
        stream = 0;
        bytes = NONE;
        size = 0;
        return whole;
    }
}
