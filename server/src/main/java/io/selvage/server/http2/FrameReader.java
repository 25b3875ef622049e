package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Cuts the bytes of a connection into frames, checks what can be judged from a frame alone (RFC 9113 §4, §6), and calls a
/// [FrameHandler]. Used by one thread at a time. After an [Http2Error] of the connection it must not be used again.
///
/// Frames other than DATA are handled when they are complete, up to 16,384 bytes; so the buffer must have room for [#bufferSize]
/// bytes. Longer header blocks and frames of unknown types are taken in parts, longer frames of other types are refused. Bounds:
/// the payload of a frame, the bytes of a header block and the number of its CONTINUATION frames.
public final class FrameReader {
    /// The bytes of a frame header.
    public static final int HEADER_SIZE = 9;

    private static final int MAX_CONTINUATIONS = 64;
    private static final int MAX_DEBUG = 128;
    private static final int PRIORITY_SIZE = 5;
    private static final int SETTING_SIZE = 6;
    private static final int STREAM_MASK = 0x7fff_ffff;
    private static final int LONGEST_WHOLE = PeerSettings.SMALLEST_MAX_FRAME_SIZE;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final FrameHandler handler;
    private final boolean ofClient;
    private final int maxFrameSize;
    private final HeaderBlock block;
    private boolean headerReported;            // the header of the next frame was reported
    private int type;
    private int flags;
    private int stream;
    private int length;
    private boolean inData;                    // behind the header and the pad length of a DATA frame
    private int dataLeft;
    private int paddingLeft;
    private int uncounted;                     // bytes that count for flow control with the next part
    private boolean inBlock;                   // in a long frame of a header block
    private int blockLeft;
    private int skipLeft;                      // of a long frame that is ignored

    /// @param ofClient true where a client's frames are read, false for those of a server
    /// @param maxFrameSize what we announce as SETTINGS_MAX_FRAME_SIZE, 16,384 to 2^24 - 1 bytes
    /// @param maxBlockSize the most bytes of a header block as it comes, compressed
    public FrameReader(FrameHandler handler, boolean ofClient, int maxFrameSize, int maxBlockSize) {
        this.handler = handler;
        this.ofClient = ofClient;
        this.maxFrameSize = maxFrameSize;
        this.block = new HeaderBlock(maxBlockSize, MAX_CONTINUATIONS);
    }

    /// The bytes that the buffer must have room for.
    public int bufferSize() {
        return HEADER_SIZE + Math.min(maxFrameSize, LONGEST_WHOLE);
    }

    /// Handles one frame, or a part of a DATA frame. Call it until it returns false; then read more bytes behind the remaining
    /// ones.
    ///
    /// @param in the bytes of the connection, of which it consumes those that it has handled
    /// @return false if there are not enough bytes for anything
    /// @throws Http2Error of the connection
    public boolean read(ByteBuffer in) throws Http2Error {
        if (inData || inBlock || skipLeft > 0) {
            return inData ? data(in) : inBlock ? blockPart(in) : skip(in);
        }
        if (in.remaining() < HEADER_SIZE) {
            return false;
        }
        int start = in.position();
        if (!headerReported) {
            header(in, start);
            headerReported = true;
        }
        if (type == FrameType.DATA) {
            return beginData(in, start);
        }
        if (in.remaining() < HEADER_SIZE + length) {
            return length > LONGEST_WHOLE && beginParts(in, start);
        }
        headerReported = false;
        complete(in, start);
        return true;
    }

    /// Begins a frame that is longer than the buffer may be.
    private boolean beginParts(ByteBuffer in, int start) throws Http2Error {
        if (type == FrameType.HEADERS || type == FrameType.CONTINUATION) {
            return beginBlock(in, start);
        }
        if (FrameRules.isKnown(type)) {
            throw error(ErrorCode.ENHANCE_YOUR_CALM, "a frame of type " + type + " of " + length + " bytes");
        }
        headerReported = false;
        skipLeft = length;
        in.position(start + HEADER_SIZE);
        return skip(in);
    }

    private boolean skip(ByteBuffer in) {
        int size = Math.min(skipLeft, in.remaining());
        in.position(in.position() + size);
        skipLeft -= size;
        return size > 0;
    }

    private boolean beginBlock(ByteBuffer in, int start) throws Http2Error {
        int prefix = type == FrameType.HEADERS ? FrameRules.shortest(type, flags) : 0;
        if (in.remaining() < HEADER_SIZE + prefix) {
            return false;
        }
        headerReported = false;
        in.position(start + HEADER_SIZE);
        boolean dependsOnItself = type == FrameType.HEADERS && prefix(in);
        blockLeft = length - prefix - paddingLeft;
        if (blockLeft < 0) {
            throw error(ErrorCode.PROTOCOL_ERROR, "more padding than payload");
        }
        if (type == FrameType.HEADERS) {
            block.open(stream, (flags & FrameType.END_STREAM) != 0, dependsOnItself, NOTHING);
        } else {
            addToBlock(NOTHING);
        }
        block.check(blockLeft);
        inBlock = true;
        return blockPart(in);
    }

    /// Takes what has come of a long frame of a header block.
    private boolean blockPart(ByteBuffer in) throws Http2Error {
        int size = Math.min(blockLeft, in.remaining());
        int padding = size == blockLeft ? Math.min(paddingLeft, in.remaining() - size) : 0;
        block.append(in.slice(in.position(), size));
        in.position(in.position() + size + padding);
        blockLeft -= size;
        paddingLeft -= padding;
        inBlock = blockLeft + paddingLeft > 0;
        if (!inBlock && (flags & FrameType.END_HEADERS) != 0) {
            closeBlock();
        }
        return !inBlock || size + padding > 0;
    }

    /// Handles a frame that is here as a whole.
    private void complete(ByteBuffer in, int start) throws Http2Error {
        int limit = in.limit();
        in.position(start + HEADER_SIZE).limit(start + HEADER_SIZE + length);
        try {
            payload(in);
        } finally {
            in.limit(limit).position(start + HEADER_SIZE + length);
        }
    }

    private void header(ByteBuffer in, int at) throws Http2Error {
        length = (in.get(at) & 0xff) << 16 | (in.get(at + 1) & 0xff) << 8 | in.get(at + 2) & 0xff;
        type = in.get(at + 3) & 0xff;
        flags = in.get(at + 4) & 0xff;
        stream = in.getInt(at + 5) & STREAM_MASK;
        if (length > maxFrameSize) {
            throw error(ErrorCode.FRAME_SIZE_ERROR, "a frame of " + length + " bytes");
        }
        if (block.isOpen() && (type != FrameType.CONTINUATION || stream != block.stream())) {
            throw error(ErrorCode.PROTOCOL_ERROR, "a frame in the midst of a header block");
        }
        FrameRules.check(type, flags, stream, length);
        handler.frame(type, flags, stream, length);
    }

    private boolean beginData(ByteBuffer in, int start) throws Http2Error {
        boolean padded = (flags & FrameType.PADDED) != 0;
        if (padded && in.remaining() == HEADER_SIZE) {
            return false;
        }
        paddingLeft = padded ? in.get(start + HEADER_SIZE) & 0xff : 0;
        uncounted = padded ? 1 : 0;
        dataLeft = length - uncounted - paddingLeft;
        if (dataLeft < 0) {
            throw error(ErrorCode.PROTOCOL_ERROR, "more padding than payload");
        }
        in.position(start + HEADER_SIZE + uncounted);
        headerReported = false;
        inData = true;
        return data(in);
    }

    /// Passes on what has come of the payload of a DATA frame.
    private boolean data(ByteBuffer in) throws Http2Error {
        int size = Math.min(dataLeft, in.remaining());
        int padding = size == dataLeft ? Math.min(paddingLeft, in.remaining() - size) : 0;
        dataLeft -= size;
        paddingLeft -= padding;
        inData = dataLeft + paddingLeft > 0;
        int counted = size + padding + uncounted;
        if (inData && counted == 0) {
            return false;
        }
        uncounted = 0;
        int limit = in.limit();
        int next = in.position() + size + padding;
        in.limit(in.position() + size);
        try {
            handler.data(stream, in, counted, !inData && (flags & FrameType.END_STREAM) != 0);
        } finally {
            in.limit(limit).position(next);
        }
        return true;
    }

    private void payload(ByteBuffer in) throws Http2Error {
        switch (type) {
            case FrameType.HEADERS -> headers(in);
            case FrameType.PRIORITY -> priority(in);
            case FrameType.RST_STREAM -> handler.reset(stream, ErrorCode.of(in.getInt()));
            case FrameType.SETTINGS -> settings(in);
            case FrameType.PING -> handler.ping(in.getLong(), (flags & FrameType.ACK) != 0);
            case FrameType.GOAWAY -> handler.goAway(in.getInt() & STREAM_MASK, ErrorCode.of(in.getInt()), debug(in));
            case FrameType.WINDOW_UPDATE -> windowUpdate(in.getInt() & STREAM_MASK);
            case FrameType.CONTINUATION -> continuation(in);
            case FrameType.PRIORITY_UPDATE -> priorityUpdate(in);
            default -> { }                     // RFC 9113 §5.5: unknown types are ignored
        }
    }

    private void headers(ByteBuffer in) throws Http2Error {
        boolean dependsOnItself = prefix(in);
        if (paddingLeft > in.remaining()) {
            throw error(ErrorCode.PROTOCOL_ERROR, "more padding than payload");
        }
        in.limit(in.limit() - paddingLeft);
        boolean endStream = (flags & FrameType.END_STREAM) != 0;
        if ((flags & FrameType.END_HEADERS) != 0) {
            block.check(in.remaining());
            handler.headers(stream, in, endStream, dependsOnItself);
        } else {
            block.open(stream, endStream, dependsOnItself, in);
        }
    }

    /// Reads what stands before the header block of a HEADERS frame: the length of the padding, and the priority.
    ///
    /// @return true if the stream depends on itself
    private boolean prefix(ByteBuffer in) {
        paddingLeft = (flags & FrameType.PADDED) != 0 ? in.get() & 0xff : 0;
        if ((flags & FrameType.WITH_PRIORITY) == 0) {
            return false;
        }
        boolean dependsOnItself = (in.getInt() & STREAM_MASK) == stream;
        in.get();
        return dependsOnItself;
    }

    private void continuation(ByteBuffer in) throws Http2Error {
        addToBlock(in);
        if ((flags & FrameType.END_HEADERS) != 0) {
            closeBlock();
        }
    }

    private void addToBlock(ByteBuffer fragment) throws Http2Error {
        if (!block.isOpen()) {
            throw error(ErrorCode.PROTOCOL_ERROR, "CONTINUATION without HEADERS");
        }
        block.add(fragment);
    }

    private void closeBlock() throws Http2Error {
        boolean endStream = block.endStream();
        boolean dependsOnItself = block.dependsOnItself();
        handler.headers(stream, block.close(), endStream, dependsOnItself);
    }

    private void priority(ByteBuffer in) throws Http2Error {
        if (length != PRIORITY_SIZE) {
            handler.streamError(Http2Error.ofStream(ErrorCode.FRAME_SIZE_ERROR, stream, "PRIORITY of " + length + " bytes"));
        } else if ((in.getInt() & STREAM_MASK) == stream) {
            handler.streamError(Http2Error.ofStream(ErrorCode.PROTOCOL_ERROR, stream, "a stream that depends on itself"));
        }
    }

    private void settings(ByteBuffer in) throws Http2Error {
        if ((flags & FrameType.ACK) != 0) {
            handler.settingsAcknowledged();
            return;
        }
        for (int i = 0; i < length / SETTING_SIZE; i++) {
            int id = in.getShort() & 0xffff;
            long value = in.getInt() & 0xffff_ffffL;
            if (FrameRules.isKnownSetting(id)) {
                FrameRules.checkSetting(id, value, ofClient);
                handler.setting(id, value);
            }
        }
        handler.settingsEnd();
    }

    private void windowUpdate(int increment) throws Http2Error {
        if (increment > 0) {
            handler.windowUpdate(stream, increment);
        } else if (stream > 0) {
            handler.streamError(Http2Error.ofStream(ErrorCode.PROTOCOL_ERROR, stream, "WINDOW_UPDATE by 0"));
        } else {
            throw error(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE by 0");
        }
    }

    private void priorityUpdate(ByteBuffer in) throws Http2Error {
        int prioritised = in.getInt() & STREAM_MASK;
        if (prioritised == 0) {
            throw error(ErrorCode.PROTOCOL_ERROR, "PRIORITY_UPDATE of stream 0");
        }
        byte[] value = new byte[Math.min(in.remaining(), MAX_DEBUG)];
        in.get(value);
        handler.priorityUpdate(prioritised, new String(value, StandardCharsets.ISO_8859_1));
    }

    private static String debug(ByteBuffer in) {
        StringBuilder text = new StringBuilder();
        while (in.hasRemaining() && text.length() < MAX_DEBUG) {
            byte octet = in.get();
            text.append(octet >= ' ' && octet < 0x7f ? (char) octet : '?');
        }
        return text.toString();
    }

    private static Http2Error error(ErrorCode code, String detail) {
        return Http2Error.ofConnection(code, detail);
    }
}
